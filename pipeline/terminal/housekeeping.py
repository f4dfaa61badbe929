"""Finds the results of a workspace: all of them, and those that are no longer needed."""

import os
from collections.abc import Iterator, Set
from pathlib import Path
from typing import NamedTuple

from datasets.curation.changes import CHANGES
from datasets.errors import UserError, unknown
from datasets.files.lock import is_locked
from datasets.files.real_path import real_path
from datasets.files.walk import refuse
from datasets.folders import ASIDE, IMAGES, counts
from pipeline.engine import settings
from pipeline.engine.digests import TRACE, result_files
from pipeline.engine.results import KEY, LATEST, UNFINISHED, Result, is_place, latest_key
from pipeline.engine.trace import read_trace


class Leftover(NamedTuple):
    """A folder that `latest/` does not name: an older result, or what a killed build left."""

    folder: Path
    bytes: int
    is_used: bool  # by a running command


def dataset_homes(workspace: Path) -> list[Path]:
    """Returns the folder of each data set in the workspace."""
    return sorted(folder.parent for folder in workspace.glob(f"*/{LATEST}") if folder.is_dir())


def homes_with_results(dataset: str | None) -> list[Path]:
    """Returns the folder of each data set, or of the one that is named."""
    homes = dataset_homes(settings.workspace())
    if dataset is None:
        return homes
    names = [home.name for home in homes]
    if dataset not in names:
        raise UserError(unknown("data set with results", dataset, names))
    return [homes[names.index(dataset)]]


def results(home: Path) -> Iterator[Path]:
    """Yields every finished result of a data set."""
    for place in _places(home):
        yield from (folder for folder in _folders(place) if KEY.fullmatch(folder.name) and (folder / TRACE).is_file())


def leftovers(home: Path, used: Set[Path]) -> list[Leftover]:
    """Returns what nobody needs and is surely ours: old results, and what is left of builds; notes which are used."""
    named = {real_path(link) for link in _links(home / LATEST)}
    found = []
    for place in _places(home):
        result_path = place.relative_to(home).as_posix()
        if not is_place(home, result_path):
            continue
        is_building = is_locked(place)
        latest = Result(home, result_path, latest_key(home, result_path) or "")
        for folder in _folders(place):
            if left := UNFINISHED.fullmatch(folder.name):
                found.append(_leftover(folder, is_building or place / left[1] in used))
            # Where `latest/` names no result of a place, nobody knows which of them is current.
            elif real_path(folder) not in named and _is_ours(folder) and latest.exists():
                found.append(_leftover(folder, folder in used))
    return found


def _leftover(folder: Path, is_used: bool) -> Leftover:
    return Leftover(folder, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()), is_used)


def _is_ours(folder: Path) -> bool:
    """Returns whether a folder is a result under its own key, in which nobody keeps files of their own."""
    try:
        trace = read_trace(folder)
        return trace["key"] == folder.name and {*filter(_is_kept, result_files(folder))} <= {*trace["files"]}
    except (OSError, ValueError, TypeError, KeyError):
        return False


def _is_kept(name: str) -> bool:
    return counts(name.rpartition("/")[2])


def _links(latest: Path) -> Iterator[Path]:
    for entry in latest.iterdir() if latest.is_dir() else ():
        if entry.is_symlink():
            yield entry
        elif entry.is_dir():
            yield from _links(entry)


def _places(home: Path) -> Iterator[Path]:
    """Yields the folders that may hold results, never those that hold pictures."""
    for top in _folders(home):
        if top.name not in (LATEST, CHANGES, IMAGES.strip("/"), ASIDE.strip("/")):
            for folder, names, _ in os.walk(top, onerror=refuse):
                names[:] = sorted(name for name in names if not name.startswith(".") and not KEY.fullmatch(name))
                yield Path(folder)


def _folders(place: Path) -> list[Path]:
    return sorted(folder for folder in place.iterdir() if folder.is_dir())
