"""A data set's source as this invocation sees it: listed once, its files read if they changed, and then fixed.

It is not needed once its pictures are exported.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets.catalog import Dataset
from datasets.errors import UserError
from datasets.section_options import named_paths
from datasets.source_contents import SourceSnapshot
from datasets.sources.source import FileListing, Listing, Places, Source, SourceGoneError
from pipeline.engine import invocation, settings
from pipeline.engine.garbage import no_search_for_garbage
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
    made, seen = dataset.key_parameters(), _look_for_export(dataset, home)
    if not isinstance(seen, UserError):
        contents = _contents(seen, home)
        held = {"files": contents} if contents else {}
        return {**made, "classes": list(dataset.classes or seen.classes), **held}
    last = LastExport(home).parameters if isinstance(seen, SourceGoneError) else {}
    if last.get("source") != dataset.source:
        return {**made, "classes": list(dataset.classes), "files": str(seen)}
    _tell_once(f"[dataset:{dataset.name}] {seen}; the last export of it stands")
    held = {"files": last["files"]} if "files" in last else {}
    return {**made, "classes": list(dataset.classes) or last["classes"], **held}


def is_unread(dataset: Dataset, home: Path) -> bool:
    """Returns whether files of the source must be read before it is known what it holds."""
    seen = _look(dataset.pictures)
    return isinstance(seen, FileListing) and bool(seen.stats) and _known_contents(seen, home) is None


def read(dataset: Dataset, home: Path) -> bool:
    """Reads the files of the source that changed; returns whether there was anything to read.

    Where a source that can do without files has lost those it had, they no longer count from then on.
    """
    seen = _look(dataset.pictures)
    if not isinstance(seen, FileListing):
        return False
    snapshot = SourceSnapshot(seen, home)
    if not snapshot.is_emptied and not is_unread(dataset, home):
        return False
    _pin(home, snapshot.read())
    return True


def changed_files(dataset: Dataset, home: Path) -> list[str]:
    """Returns the files of the source that were added, removed or changed since they were last read."""
    seen = _look(dataset.pictures)
    return SourceSnapshot(seen, home).changed_paths() if isinstance(seen, FileListing) else []


def names_and_sizes(dataset: Dataset) -> str:
    """Returns the text by which version 0.1.0 knew the files of a source; nothing where they cannot be listed."""
    seen = _look(dataset.pictures)
    if not isinstance(seen, FileListing):
        return ""
    state = sorted((path, stat[0]) for path, stat in seen.stats.items())
    return f"{len(state)} files, {hashlib.sha256(marshal.dumps(state, 2)).hexdigest()[:16]}"


def _contents(listing: Listing, home: Path) -> str:
    """Returns a text that changes with what a source holds; nothing where its options and its code say all."""
    if not isinstance(listing, FileListing):
        return listing.summary
    if not listing.stats:
        return ""
    return _known_contents(listing, home) or SourceSnapshot(listing, home).read()


def _known_contents(listing: FileListing, home: Path) -> str | None:
    """Returns the text that any process of this invocation fixed, or the one that is known without reading a file."""
    pinned = invocation.pinned(home, "source")
    if pinned is None and (pinned := SourceSnapshot(listing, home).contents) is not None:
        _pin(home, pinned)
    return pinned


def _pin(home: Path, contents: str) -> None:
    invocation.pin(home, contents, "source")


def _look_for_export(dataset: Dataset, home: Path) -> Listing | UserError:
    """Returns what a source holds; an error too where it can do without files, but those it was exported from went."""
    seen = _look(dataset.pictures)
    if isinstance(seen, FileListing) and not seen.stats and SourceSnapshot(seen, home).is_emptied:
        return SourceGoneError(f"{seen.root} holds no more of the files it was exported from")
    return seen


def folders_of_originals(dataset: Dataset) -> list[Path]:
    """Returns the places that settings name for a source to be read from, whether anything is there now or not."""
    archives = _places().archives
    return [*named_paths(dataset.pictures), *([archives] if archives else [])]


def _look(source: Source[Listing]) -> Listing | UserError:
    """Returns what a source holds, as this invocation sees it, or the reason why it cannot be read."""
    current = invocation.current_folder()
    return _list_once(source, current) if current else _list(source)


@lru_cache(maxsize=4)
def _list_once(source: Source[Listing], _invocation: Path) -> Listing | UserError:
    return _list(source)


def _list(source: Source[Listing]) -> Listing | UserError:
    try:
        with no_search_for_garbage():
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
