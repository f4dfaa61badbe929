"""Finds the data set, or the one picture, that a verb is to change among those that were exported."""

import os
from collections.abc import Sequence
from pathlib import Path

from datasets.errors import UserError, unknown
from datasets.folders import IMAGES
from datasets.tables import ExportRow
from pipeline.engine import settings
from pipeline.stages.last_export import LastExport
from pipeline.terminal.housekeeping import dataset_homes
from pipeline.terminal.suggested_commands import report_command


def exported_homes(dataset: str | None) -> list[Path]:
    """Returns the folder of every data set that was exported, or of the one that is named."""
    homes = [home for home in dataset_homes(settings.workspace()) if LastExport(home).exists()]
    if dataset is None:
        if not homes:
            folder = settings.workspace().absolute()
            raise UserError(f"{folder} holds no exported data set yet. {report_command('NAME')} exports one")
        return homes
    settings.dataset(dataset)
    if dataset not in [home.name for home in homes]:
        raise UserError(f"{dataset} was never exported. {report_command(dataset)} exports it")
    return [home for home in homes if home.name == dataset]


def dataset_around(file: Path) -> str | None:
    """Returns the data set in whose folder of the workspace a file lies, or None."""
    place = file.resolve()
    homes = dataset_homes(settings.workspace())
    return next((home.name for home in homes if place.is_relative_to(home.resolve())), None)


def exported_home(verb: str, dataset: str | None) -> Path:
    """Returns the folder of the one data set that a verb is to change."""
    homes = exported_homes(dataset)
    if len(homes) > 1:
        names = ", ".join(home.name for home in homes)
        raise UserError(f"{verb}: say which data set with --dataset NAME; exported are {names}")
    return homes[0]


def locate_picture(verb: str, typed: str, dataset: str | None) -> tuple[Path, str]:
    """Returns a data set's folder and a path within its `images/`.

    The path may be typed as the shell completes it, or as the tables have it.
    """
    homes, as_in_tables = exported_homes(dataset), os.path.normpath(typed).removeprefix(IMAGES)
    as_on_disk = [(home, path) for home in homes if (path := _path_below(home / IMAGES, typed))]
    for readings in (as_on_disk, [(home, as_in_tables) for home in homes]):
        exported = [(home, path) for home, path in readings if path in {o.path for o in LastExport(home).rows}]
        if len(exported) == 1:
            return exported[0]
    return as_on_disk[0] if as_on_disk else (exported_home(verb, dataset), as_in_tables)


def find_exported(path: str, exported: Sequence[ExportRow]) -> ExportRow:
    """Returns what was exported at a path within `images/`."""
    found = next((origin for origin in exported if origin.path == path), None)
    if found is None:
        near = [origin.path for origin in exported]
        raise UserError(unknown("exported picture", path, near).partition(" Known:")[0])
    return found


def _path_below(folder: Path, typed: str) -> str:
    """Returns the typed path within a folder, without following links; empty where it is elsewhere."""
    path, start = os.path.abspath(typed), os.path.abspath(folder) + os.sep  # noqa: PTH100 - it keeps links
    return path.removeprefix(start) if path.startswith(start) else ""
