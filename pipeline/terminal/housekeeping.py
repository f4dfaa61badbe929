"""Finds the results of a workspace: all of them, those that are damaged, and those that are no longer needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from datasets.curation.changes import CHANGES
from datasets.errors import UserError, unknown
from datasets.files.lock import is_locked
from datasets.folders import ASIDE, IMAGES
from pipeline.engine import settings
from pipeline.engine.digests import TRACE, digest_file, result_files
from pipeline.engine.results import LATEST
from pipeline.engine.trace import read_trace


class Leftover(NamedTuple):
    """A folder that `latest/` does not name: an older result, or what a killed build left."""

    folder: Path
    bytes: int


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
    """Yields every whole result of a data set."""
    yield from (folder for folder in _folders(home) if not folder.name.startswith(".") and (folder / TRACE).is_file())


def damaged_files(result: Path) -> list[str]:
    """Returns a line for each file that differs from the result's trace."""
    try:
        expected: dict[str, str] = read_trace(result)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{result / TRACE}: cannot be read"]
    present = set(result_files(result))
    lines = [f"{result / name}: missing" for name in sorted(expected.keys() - present)]
    lines += [f"{result / name}: does not belong to this result" for name in sorted(present - expected.keys())]
    changed = (name for name in sorted(present & expected.keys()) if digest_file(result / name) != expected[name])
    return lines + [f"{result / name}: changed since it was made" for name in changed]


def leftovers(home: Path) -> list[Leftover]:
    """Returns what can be deleted: old results, and partial ones that no running process works on."""
    named = {link.resolve() for link in _links(home / LATEST)}
    old = [folder for folder in results(home) if folder.resolve() not in named]
    broken = [folder for folder in _folders(home) if folder.suffix in (".partial", ".outdated")]
    unused = [folder for folder in broken if not is_locked(folder.parent)]
    return [Leftover(folder, _size(folder)) for folder in sorted(old + unused)]


def _links(latest: Path) -> Iterator[Path]:
    for entry in latest.iterdir() if latest.is_dir() else ():
        if entry.is_symlink():
            yield entry
        else:
            yield from _links(entry)


def _folders(home: Path) -> Iterator[Path]:
    """Yields the folders that hold results or builds, never those that hold pictures."""
    for place in sorted(home.iterdir()):
        if place.is_dir() and place.name not in (LATEST, CHANGES, IMAGES.strip("/"), ASIDE.strip("/")):
            yield from sorted(folder for folder in place.rglob("*") if folder.is_dir())


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
