"""The hashes of files, kept with the stat that each file had, so that only a file whose stat changed is read again.

A stat is size, mtime, ctime and inode. A file of the same size with an old date put back has another ctime; one that
took the place of another has another inode. The first line of the cache sums up the whole, so that a look at files that
did not change reads no more.
"""

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from datasets.files.whole_file import write_whole
from datasets.folders import Stat

_FORMAT = 1
_CLOCK_TICK_NS = 20_000_000  # file systems stamp times this coarsely, at worst
_COARSE_TICK_NS = 2_000_000_000  # but a few know only whole seconds, or every other one
_SECOND_NS = 1_000_000_000


class HashedFile(NamedTuple):
    """A file's stat when it was hashed, the hash, and why it cannot be used (empty where it can)."""

    stat: Stat
    sha256: str
    rejected: str


class StatCache:
    """The cache in a file; what is there counts only if it was made on the same basis, which is any text."""

    def __init__(self, file: Path, basis: str) -> None:
        self._file, self._basis = file, basis

    def digest(self, signature: str) -> str | None:
        """Returns the digest of all contents, or None where the files are not those of this signature."""
        head = self._read_head()
        digest = head.get("digest")
        return digest if isinstance(digest, str) and head.get("signature") == signature else None

    def table(self) -> dict[str, HashedFile]:
        """Returns each file by its path; nothing where the cache cannot be read or was made on another basis."""
        if not self._read_head():
            return {}
        try:
            with self._file.open("rb") as file:
                file.readline()
                return {path: _hashed_file(*row) for path, *row in json.loads(file.read())}
        except (OSError, ValueError, TypeError, RecursionError):
            return {}

    @property
    def place(self) -> str:
        """The place that was noted as the cache was written; nothing where there was none."""
        return str(self._read_head().get("place", ""))

    def write(self, signature: str, digest: str, table: Iterable[tuple[str, HashedFile]], place: str = "") -> None:
        """Writes the cache; notes a place that matters to nobody but the one who asks for it."""
        head = {"format": _FORMAT, "reader": self._basis, "signature": signature, "digest": digest, "place": place}
        rows = [(path, *stat, sha256, rejected) for path, (stat, sha256, rejected) in table]
        write_whole(self._file, f"{json.dumps(head)}\n{json.dumps(rows, separators=(',', ':'))}", shared=True)

    def _read_head(self) -> dict[str, object]:
        try:
            with self._file.open("rb") as file:
                head = json.loads(file.readline())
        except (OSError, ValueError, RecursionError):
            return {}
        is_ours = isinstance(head, dict) and head.get("format") == _FORMAT and head.get("reader") == self._basis
        return head if is_ours else {}


def _hashed_file(size: int, mtime: int, ctime: int, inode: int, sha256: str, rejected: str) -> HashedFile:
    return HashedFile((size, mtime, ctime, inode), sha256, rejected)


def let_the_clock_tick(stats: Iterable[Stat]) -> None:
    """Waits until the newest file is older than a tick: within it, a file could change again and keep its times.

    A time in the future, as a clock that was set back leaves, says nothing of the age: then it waits for a whole tick.
    """
    newest = max((stat[2] for stat in stats), default=0)
    tick = _CLOCK_TICK_NS if newest % _SECOND_NS else _COARSE_TICK_NS
    age = max(0, time.time_ns() - newest)
    if age < tick:
        time.sleep((tick - age) / 1e9)
