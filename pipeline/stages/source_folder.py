"""A data set's source folder as planning sees it: listed once in an invocation, and not needed once it is exported.

Reads the folder's listing, and the trace of the last export where the folder is gone.
"""

import os
import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from datasets.catalog import Dataset, chosen_options
from datasets.errors import UserError
from datasets.sources.folder.listing import SourceListing, list_source
from datasets.sources.folder.reading import SourceGoneError
from pipeline.engine import invocation, settings
from pipeline.engine.results import LATEST
from pipeline.engine.trace import read_trace


def listing_of(dataset: Dataset) -> SourceListing:
    """What the folder holds, as this invocation sees it."""
    seen = _look(dataset.path)
    if isinstance(seen, UserError):
        raise UserError(f"[dataset:{dataset.name}] {seen}")
    return seen


def key_parameters(dataset: Dataset, home: Path) -> dict[str, Any]:
    """What decides an export: how the pictures are made, their classes, and the names and sizes of all files.

    Where the folder is gone, the files are taken for what they were at the last export, which stands then.
    """
    made = {"source": dataset.source, "size": dataset.size, **chosen_options(dataset, "fit")}
    seen = _look(dataset.path)
    if isinstance(seen, SourceListing):
        return {**made, "classes": list(dataset.classes or seen.classes), "files": seen.summary}
    last = _last_export(home) if isinstance(seen, SourceGoneError) else {}
    if not last:
        return {**made, "classes": list(dataset.classes), "files": str(seen)}
    _tell_once(f"[dataset:{dataset.name}] {seen}; the last export of it stands")
    return {**made, "classes": list(dataset.classes) or last["classes"], "files": last["files"]}


def _look(path: str) -> SourceListing | UserError:
    current = invocation.current_folder()
    return _list_once(Path(path), current) if current else _list(Path(path))


@lru_cache(maxsize=4)
def _list_once(path: Path, _invocation: Path) -> SourceListing | UserError:
    return _list(path)


def _list(path: Path) -> SourceListing | UserError:
    try:
        _refuse_workspace(path, settings.workspace())
        return list_source(path)
    except UserError as error:
        return error


def _refuse_workspace(path: Path, workspace: Path) -> None:
    source, results = (Path(os.path.realpath(folder)) for folder in (path, workspace))  # a loop raises in resolve()
    if source.is_relative_to(results):
        raise UserError(f"path is {path}, in the workspace {workspace}: pictures there are exported already")
    if results.is_relative_to(source):
        raise UserError(f"path is {path}, which holds the workspace {workspace}: set [paths] workspace elsewhere")


def _last_export(home: Path) -> dict[str, Any]:
    """The parameters of the last export, if it was one of a folder."""
    try:
        parameters: dict[str, Any] = read_trace(home / LATEST / "export")["parameters"]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return parameters if parameters.get("source") == "folder" else {}


@cache
def _tell_once(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
