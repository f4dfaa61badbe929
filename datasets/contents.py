"""What the files in the folders hold, hashed anew only where their stat changed since it was last done.

Keeps `stat-cache`, the one helper that is changed rather than made anew: per file its stat when it was last hashed,
the hash, and why it cannot be used. Its first line sums up the whole: a look at an unchanged tree reads no more.
"""

import hashlib
import json
import marshal
import time
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from datasets.files.whole_file import write_whole
from datasets.scan import Listing, Stat, list_images

_FORMAT = 1
_CLOCK_TICK_NS = 20_000_000  # file systems stamp times this coarsely, at worst


class Picture(NamedTuple):
    """One file in the folders: the hash of its content, and why it cannot be used (nothing where it can)."""

    path: str
    sha256: str
    rejected: str


def remembered_digest(listing: Listing, cache: Path, reader: str) -> str | None:
    """The digest of all contents if nothing has changed since they were hashed, otherwise None."""
    head = _read_head(cache)
    if head.get("reader") == reader and head.get("signature") == listing.signature:
        return str(head["digest"])
    return None


class Contents(NamedTuple):
    """Every file, sorted by path, with the digest of all, and the listing they were read from."""

    pictures: list[Picture]
    digest: str
    listing: Listing


def read_contents(
    images_dir: Path, listing: Listing, cache: Path, exported: Callable[[], Collection[str]], reader: str
) -> Contents:
    """Read what of the listed files changed since the cache was written.

    `exported` gives the hashes of files that were written by us, and so need no check whether they are pictures;
    `reader` names the code that does check, and other code than the cache's checks all files again.
    """
    _let_the_clock_tick(listing)
    remembered = _read_table(cache, reader)
    known = _KnownPictures({sha256 for _, sha256, reason in remembered.values() if not reason}, exported)
    pictures = [Picture(path, "", reason) for path, reason in listing.unreadable.items()]
    forgotten = []
    for path, stat in listing.stats.items():
        entry = remembered.pop(path, None)
        if entry is not None and entry[0] == stat:
            pictures.append(Picture(path, entry[1], entry[2]))
        else:
            picture = _read_picture(images_dir, path, known)
            pictures += [picture] if picture else []
            if picture is None or not picture.sha256:
                forgotten.append(path)  # gone, or not to be read this time
    pictures.sort()
    if forgotten:
        stats = {path: stat for path, stat in listing.stats.items() if path not in forgotten}
        listing = Listing(stats, listing.unreadable)
    digest = hashlib.sha256(marshal.dumps([tuple(picture) for picture in pictures], 2)).hexdigest()
    return Contents(pictures, digest, listing)


class _KnownPictures:
    """The hashes of files known to be pictures; those of the export are read only where the others do not do."""

    def __init__(self, remembered: set[str], exported: Callable[[], Collection[str]]) -> None:
        self._remembered, self._read_exported = remembered, exported

    @cached_property
    def _exported(self) -> Collection[str]:
        return self._read_exported()

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._remembered or sha256 in self._exported


def remember(contents: Contents, cache: Path, reader: str) -> None:
    """Write the cache."""
    pictures, digest, listing = contents
    head = {"format": _FORMAT, "reader": reader, "signature": listing.signature, "digest": digest}
    table = [(p.path, *listing.stats[p.path], p.sha256, p.rejected) for p in pictures if p.path in listing.stats]
    write_whole(cache, f"{json.dumps(head)}\n{json.dumps(table, separators=(',', ':'))}", shared=True)


def changed_paths(images_dir: Path, cache: Path, reader: str) -> list[str]:
    """The pictures that came, went or changed since their contents were last hashed."""
    stats = list_images(images_dir).stats
    remembered = {path: entry[0] for path, entry in _read_table(cache, reader).items()}
    return sorted(path for path in stats.keys() | remembered.keys() if stats.get(path) != remembered.get(path))


def _read_picture(images_dir: Path, path: str, known: _KnownPictures) -> Picture | None:
    try:
        with open(f"{images_dir}/{path}", "rb") as file:  # noqa: PTH123 - takes two thirds of Path.open's time, 60,000 times
            content = file.read()
    except FileNotFoundError:
        return None  # moved or deleted since the folder was listed
    except OSError as error:
        return Picture(path, "", f"cannot be read: {error.strerror}")
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 in known:
        return Picture(path, sha256, "")
    from datasets.pictures import reject_reason  # here, because planning must not load what decodes pictures

    return Picture(path, sha256, reject_reason(content))


def _let_the_clock_tick(listing: Listing) -> None:
    """A file written within the tick in which it is hashed could change again without a change of its times."""
    newest = max((stat[2] for stat in listing.stats.values()), default=0)
    age = time.time_ns() - newest
    if 0 <= age < _CLOCK_TICK_NS:
        time.sleep((_CLOCK_TICK_NS - age) / 1e9)


def _read_head(cache: Path) -> dict[str, object]:
    try:
        with cache.open("rb") as file:
            head = json.loads(file.readline())
    except (OSError, ValueError):
        return {}
    return head if isinstance(head, dict) and head.get("format") == _FORMAT else {}


def _read_table(cache: Path, reader: str) -> dict[str, tuple[Stat, str, str]]:
    if _read_head(cache).get("reader") != reader:
        return {}
    try:
        with cache.open("rb") as file:
            file.readline()
            table = json.loads(file.read())
    except (OSError, ValueError):
        return {}
    return {path: ((size, mtime, ctime, inode), sha, why) for path, size, mtime, ctime, inode, sha, why in table}
