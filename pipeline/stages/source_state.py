"""A data set's source as this invocation sees it: listed once, and not needed once its pictures are exported."""

from __future__ import annotations

import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets.catalog import Dataset
from datasets.errors import UserError
from datasets.sources.source import Listing, Places, Source, SourceGoneError
from pipeline.engine import invocation, settings
from pipeline.stages.last_export import LastExport

if TYPE_CHECKING:
    from datasets.arrays import Arrays


def load_pictures(dataset: Dataset) -> Arrays:
    """Returns every picture of a data set's source, in the order that numbers them."""
    seen = _look(dataset.pictures)
    if isinstance(seen, UserError):
        raise UserError(f"[dataset:{dataset.name}] {seen}")
    return dataset.pictures.load(seen, _places())


def key_parameters(dataset: Dataset, home: Path) -> dict[str, Any]:
    """Returns what decides an export: the source and its options, the classes, and what the source holds.

    If the source is gone, the result of the last export stands: its contents then count.
    """
    made, seen = dataset.key_parameters(), _look(dataset.pictures)
    if not isinstance(seen, UserError):
        held = {"files": seen.summary} if seen.summary else {}
        return {**made, "classes": list(dataset.classes or seen.classes), **held}
    last = LastExport(home).parameters if isinstance(seen, SourceGoneError) else {}
    if last.get("source") != dataset.source:
        return {**made, "classes": list(dataset.classes), "files": str(seen)}
    _tell_once(f"[dataset:{dataset.name}] {seen}; the last export of it stands")
    return {**made, "classes": list(dataset.classes) or last["classes"], "files": last["files"]}


def _look(source: Source[Listing]) -> Listing | UserError:
    """Returns what a source holds, as this invocation sees it, or the reason why it cannot be read."""
    current = invocation.current_folder()
    return _list_once(source, current) if current else _list(source)


@lru_cache(maxsize=4)
def _list_once(source: Source[Listing], _invocation: Path) -> Listing | UserError:
    return _list(source)


def _list(source: Source[Listing]) -> Listing | UserError:
    try:
        return source.list(_places())
    except UserError as error:
        return error


def _places() -> Places:
    archives = settings.cifar().archives
    return Places(
        workspace=settings.workspace(),
        downloads=Path(settings.paths().downloads),
        keras_home=settings.keras_home(),
        archives=Path(archives) if archives else None,
    )


@cache
def _tell_once(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
