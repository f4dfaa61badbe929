"""`restore`: one exported picture back as it was exported."""

import os
from collections.abc import Sequence
from pathlib import Path

from datasets.curation.changes import MovePlan
from datasets.curation.curated_folders import CuratedFolders
from datasets.curation.restoring import Restoration, plan_restore
from datasets.errors import UserError, unknown
from datasets.files.whole_file import write_whole
from datasets.folders import IMAGES
from datasets.tables import ExportRow
from pipeline.engine import settings
from pipeline.stages.last_export import LastExport
from pipeline.stages.picture_recovery import from_source
from pipeline.terminal.arguments import curation
from pipeline.terminal.curation import conclude, exported_home, exported_homes, held_still


def run(arguments: Sequence[str]) -> int:
    """Bring it back; with --yes even where something else must make room."""
    with curation("restore", arguments, operand="PATH") as told:
        home, path = _located(told.operand, told.dataset)
        with held_still(home, "restore", acting=True) as folders:
            said = _restore(folders, _find_exported(path, folders.exported), told.yes)
        print("\n".join(said))
    return 0


def _restore(folders: CuratedFolders, origin: ExportRow, may_make_room: bool) -> list[str]:
    home, restoration = folders.home, plan_restore(folders, origin)
    if not restoration.moves:
        return [f"{home.name}: {origin.path} is in its place, as it was exported"]
    if restoration.in_its_place and not may_make_room:
        said = f"{home / restoration.in_its_place} is not what was exported; it would be kept, and make room"
        return [said, *conclude(folders, "restore", MovePlan(restoration.moves, []), acting=False)]
    if restoration.to_write:
        _write_from_source(home, restoration, origin)
    return conclude(folders, "restore", MovePlan(restoration.moves, []), acting=True)


def _located(typed: str, dataset: str | None) -> tuple[Path, str]:
    """The data set's folder, and the path within its `images/`: as the shell completes it, or as the tables have it."""
    homes, plain = exported_homes(dataset), os.path.normpath(typed).removeprefix(IMAGES)
    completed = [(home, path) for home in homes if (path := _within(home / IMAGES, typed))]
    for readings in (completed, [(home, plain) for home in homes]):
        exported = [(home, path) for home, path in readings if path in {o.path for o in LastExport(home).rows}]
        if len(exported) == 1:
            return exported[0]
    return completed[0] if completed else (exported_home("restore", dataset), plain)


def _within(images_dir: Path, typed: str) -> str:
    """The path below a folder, links in it not followed; nothing for one elsewhere."""
    place, folder = os.path.abspath(typed), os.path.abspath(images_dir) + os.sep  # noqa: PTH100 - it keeps links
    return place.removeprefix(folder) if place.startswith(folder) else ""


def _find_exported(path: str, exported: Sequence[ExportRow]) -> ExportRow:
    found = next((origin for origin in exported if origin.path == path), None)
    if found is None:
        near = [origin.path for origin in exported]
        raise UserError(unknown("exported picture", path, near).partition(" Known:")[0])
    return found


def _write_from_source(home: Path, restoration: Restoration, origin: ExportRow) -> None:
    content = from_source(settings.dataset(home.name), origin.number, origin.sha256)
    if content is None:
        raise UserError(
            f"{origin.path} cannot be restored: its source, or the settings of {home.name}, give another picture now"
        )
    write_whole(home / restoration.to_write, content, flushed=True)
