"""The contents of the files of a source, hashed again only where their stat changed since they were last hashed.

Keeps the hashes in `export/source-stat-cache` in the data set's folder.
"""

import hashlib
import marshal
import os
from functools import partial
from pathlib import Path

from datasets.errors import UserError
from datasets.progress import progress
from datasets.sources.source import FileListing
from datasets.stat_cache import HashedFile, StatCache, let_the_clock_tick

_THREADS = 2
_READ_AT_ONCE = 1_000


class SourceSnapshot:
    """The files of a source at one moment."""

    def __init__(self, listing: FileListing, home: Path) -> None:
        self._root, self._stats = listing.root, listing.stats
        self._place = os.path.realpath(listing.root)  # a loop of links raises in resolve()
        self._cache = StatCache(home / "export" / "source-stat-cache", "source")

    @property
    def contents(self) -> str | None:
        """A text that changes with the path or the content of any file, or None where some must be read first."""
        return self._cache.digest(self._signature())

    @property
    def is_emptied(self) -> bool:
        """The fact that there are no files where there were some when they were last read."""
        return not self._stats and self._cache.place == self._place

    def changed_paths(self) -> list[str]:
        """Returns the files that were added, removed or changed since they were last read."""
        remembered = {path: known.stat for path, known in self._cache.table().items()}
        paths = self._stats.keys() | remembered.keys()
        return sorted(path for path in paths if self._stats.get(path) != remembered.get(path))

    def read(self) -> str:
        """Returns the same text as `contents`; reads the files that changed since the cache was written, and writes it.

        A file that cannot be read counts as an empty one; the next command tries again.
        """
        let_the_clock_tick(self._stats.values())
        remembered = self._cache.table()
        changed = [
            path for path, stat in self._stats.items() if path not in remembered or remembered[path].stat != stat
        ]
        hashes = {path: known.sha256 for path, known in remembered.items()} | self._hash(changed)
        state = [(path, hashes[path] or "") for path in sorted(self._stats)]
        contents = f"{len(state)} files, {hashlib.sha256(marshal.dumps(state, 2)).hexdigest()[:16]}"
        readable = {path: hash_ for path in self._stats if (hash_ := hashes[path]) is not None}
        signature = self._signature() if len(readable) == len(state) else ""
        table = ((path, HashedFile(self._stats[path], sha256, "")) for path, sha256 in readable.items())
        self._cache.write(signature, contents, table, self._place if self._stats else "")
        return contents

    def _signature(self) -> str:
        """Returns a hash that changes with any path and any stat."""
        paths = sorted(self._stats)
        state = (paths, [self._stats[path] for path in paths])
        return hashlib.sha256(marshal.dumps(state, 2)).hexdigest()

    def _hash(self, paths: list[str]) -> dict[str, str | None]:
        """Returns the hash of each of these files; None for one that cannot be read this time."""
        from concurrent.futures import ThreadPoolExecutor  # here, because planning hashes nothing

        hashes: dict[str, str | None] = {path: "" for path in paths if self._stats[path][0] < 0}
        files = [path for path in paths if path not in hashes]
        if not files:
            return hashes
        with ThreadPoolExecutor(_THREADS) as threads, progress("reading the source", len(files), "files") as advance:
            for first in range(0, len(files), _READ_AT_ONCE):
                lot = files[first : first + _READ_AT_ONCE]
                hashes |= zip(lot, threads.map(partial(_hash_file, self._root), lot), strict=True)
                advance(len(lot))
        if None in hashes.values() and not self._root.is_dir():
            raise UserError(f"{self._root} was there and has gone; connect its disk, then run again")
        return hashes


def _hash_file(root: Path, path: str) -> str | None:
    try:
        with open(f"{root}/{path}", "rb") as file:  # noqa: PTH123 - takes two thirds of Path.open's time, 60,000 times
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
