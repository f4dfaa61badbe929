"""The pictures in a data set's folders as this invocation sees them: listed once, read if they changed, then fixed."""

from collections.abc import Set
from functools import cache
from pathlib import Path

from datasets.contents import FolderSnapshot, PictureFile
from datasets.export_journal import are_exported
from datasets.tables import read_exported
from pipeline.engine import invocation
from pipeline.engine.digests import short_hash
from pipeline.engine.stage_code import reached_code
from pipeline.stages.last_export import LastExport

_unread: dict[Path, FolderSnapshot] = {}  # folders that planning found changed; they are not listed twice


def known_state(home: Path) -> str | None:
    """Returns the digest of all pictures as this invocation sees them; None while some of them must be read first."""
    state = invocation.pinned(home)
    if state is not None or invocation.is_unsettled(home) or not are_exported(home):
        return state
    snapshot = _look(home)
    state = snapshot.digest
    _unread.pop(home, None)
    if state is None:
        _unread[home] = snapshot
        invocation.unsettle(home)
    else:
        invocation.pin(home, state)
    return state


def read_state(home: Path, export_csv: Path) -> list[PictureFile]:
    """Returns every file; reads those that changed, and fixes the state of all for the rest of this invocation."""
    snapshot = _unread.pop(home, None)
    if snapshot is None or _was_exported(home):
        snapshot = _look(home)
    contents = snapshot.read(lambda: _hashes(export_csv))
    snapshot.remember(contents)
    invocation.pin(home, contents.digest)
    return contents.pictures


def current_files(home: Path) -> list[PictureFile]:
    """Returns every file in the folders; what changed since the last index still counts as changed afterwards."""
    return _look(home).read(lambda: _hashes(LastExport(home).folder / "export.csv")).pictures


def changed_since(home: Path) -> list[str]:
    """Returns the pictures that were edited since their contents were last read."""
    return _look(home).changed_paths()


def are_as_seen(home: Path) -> bool:
    """Returns whether the pictures are still what this invocation saw."""
    seen = invocation.pinned(home)
    return seen is None or seen == _look(home).digest


def _look(home: Path) -> FolderSnapshot:
    return FolderSnapshot(home, _reader())


def _was_exported(home: Path) -> bool:
    """Returns whether this invocation exported pictures, perhaps after it last looked at the folders."""
    return any((entry.home, entry.result_path) == (str(home), "export") for entry in invocation.ledger())


def _hashes(export_csv: Path) -> Set[str]:
    return {row.sha256 for row in read_exported(export_csv)} if export_csv.exists() else set()


@cache
def _reader() -> str:
    """Returns a digest of the code that tells a picture from another file."""
    return short_hash(reached_code("datasets.pictures"))
