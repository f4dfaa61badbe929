"""Brings one exported picture back to its place, as it was exported."""

from collections.abc import Sequence
from pathlib import Path

from datasets.curation.changes import MovePlan
from datasets.curation.curated_folders import CuratedFolders
from datasets.curation.restoring import Restoration, plan_restore
from datasets.errors import UserError
from datasets.files.whole_file import write_whole
from datasets.tables import ExportRow
from pipeline.engine import settings
from pipeline.stages.picture_recovery import from_source
from pipeline.terminal.exported_pictures import find_exported, locate_picture
from pipeline.terminal.picture_changes import carry_out_or_show, locked_pictures
from pipeline.terminal.verb_arguments import ARCHIVES, ONE_DATASET, WORKSPACE, Operands, Verb, VerbOption, arguments_of

VERB = Verb(
    "restore",
    "bring one exported picture back, whether it was deleted, moved or painted over",
    example="restore train/tulip/0_0815.png",
    operands=Operands("PATH", "where it was exported: a path within images/, or one to the file"),
    options=(
        ONE_DATASET,
        VerbOption("--yes", "", "do it even where another picture has to make room; that one is kept"),
        WORKSPACE,
        ARCHIVES,
    ),
)


def run(arguments: Sequence[str]) -> int:
    """Brings the picture back; needs --yes where something else has to make room for it."""
    with arguments_of(VERB, arguments) as given:
        home, path = locate_picture("restore", given.operands[0], given.dataset)
        with locked_pictures(home, "restore", may_change=True) as folders:
            lines = _restore(folders, find_exported(path, folders.exported), given.yes)
        print("\n".join(lines))
    return 0


def _restore(folders: CuratedFolders, origin: ExportRow, may_make_room: bool) -> list[str]:
    home, restoration = folders.home, plan_restore(folders, origin)
    if not restoration.moves:
        return [f"{home.name}: {origin.path} is in its place, as it was exported"]
    plan = MovePlan(restoration.moves, [])
    if restoration.in_its_place and not may_make_room:
        in_the_way = (
            f"{home / restoration.in_its_place} is not what was exported; restore would move it away and keep it"
        )
        return [in_the_way, *carry_out_or_show(folders, "restore", plan, may_change=False)]
    if restoration.to_write:
        _write_from_source(home, restoration, origin)
    return carry_out_or_show(folders, "restore", plan, may_change=True)


def _write_from_source(home: Path, restoration: Restoration, origin: ExportRow) -> None:
    content = from_source(settings.dataset(home.name), home, origin.number, origin.sha256)
    if content is None:
        raise UserError(
            f"{origin.path} cannot be restored: its source, or the settings of {home.name}, give another picture now"
        )
    write_whole(home / restoration.to_write, content, flushed=True)
