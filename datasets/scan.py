"""What lies in the class folders now, by name and stat; nothing is opened.

Reads `images/<subset>/<class>/`. A class folder may be a link to one elsewhere; folders within it are not read.
"""

import hashlib
import marshal
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from stat import S_ISREG

_SYSTEM_FILES = frozenset({"Thumbs.db", "desktop.ini", "Icon\r"})

Stat = tuple[int, int, int, int]  # size, mtime, ctime, inode: no edit leaves all four as they were


@dataclass(frozen=True)
class Listing:
    """Every file in the folders with its stat, and what lies there that is no file we could open, with the reason."""

    stats: dict[str, Stat] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    @cached_property
    def signature(self) -> str:
        """Changes with any name and any stat."""
        paths = sorted(self.stats)
        state = (paths, [self.stats[path] for path in paths], sorted(self.unreadable.items()))
        return hashlib.sha256(marshal.dumps(state, 2)).hexdigest()


def list_images(images_dir: Path) -> Listing:
    """What lies in `images/` now. Hidden files, and those that desktops strew about, are passed over."""
    listing = Listing()
    for subset in _entries(images_dir):
        if not subset.is_dir():
            listing.unreadable[subset.name] = "lies outside the class folders"
            continue
        for folder in _entries(subset.path):
            place = f"{subset.name}/{folder.name}"
            if folder.is_dir():
                _list_class(place, folder.path, listing)
            else:
                listing.unreadable[place] = "lies outside the class folders"
    return listing


def _list_class(place: str, folder: str, listing: Listing) -> None:
    stats, prefix = listing.stats, place + "/"
    directory = os.open(folder, os.O_RDONLY)  # names looked up from here cost a sixth less than whole paths
    try:
        for name in filter(_counts, os.listdir(directory)):  # noqa: PTH208 - no Path lists an open folder
            path = prefix + name
            try:
                stat = os.stat(name, dir_fd=directory)
            except OSError as error:
                if _is_link(name, directory):
                    listing.unreadable[path] = f"a link that leads nowhere: {error.strerror}"
                continue  # any other is a file that went while the folder was listed
            if S_ISREG(stat.st_mode):
                stats[path] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
            else:
                listing.unreadable[path] = "is a folder or another thing that is no file"
    finally:
        os.close(directory)


def _entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if _counts(entry.name))


def _counts(name: str) -> bool:
    return not name.startswith(".") and name not in _SYSTEM_FILES


def _is_link(name: str, directory: int) -> bool:
    try:
        os.readlink(name, dir_fd=directory)
    except OSError:
        return False
    return True
