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
    class_dirs: set[str] = field(default_factory=set)  # those that hold anything, as `train/cat`

    @cached_property
    def signature(self) -> str:
        """Changes with any name and any stat."""
        state = (sorted(self.stats.items()), sorted(self.unreadable.items()))
        return hashlib.sha256(marshal.dumps(state, 2)).hexdigest()


def list_images(images_dir: Path) -> Listing:
    """What lies in `images/` now. Hidden files, and those that desktops strew about, are passed over."""
    listing = Listing()
    for subset in _entries(str(images_dir)):
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
    for entry in _entries(folder):
        listing.class_dirs.add(place)
        path = prefix + entry.name
        try:
            stat = entry.stat()
        except OSError as error:
            if entry.is_symlink():
                listing.unreadable[path] = f"a link that leads nowhere: {error.strerror}"
            continue  # any other is a file that went while the folder was listed
        if S_ISREG(stat.st_mode):
            stats[path] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        else:
            listing.unreadable[path] = "a folder within a class folder is not read" if entry.is_dir() else "is no file"


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.name not in _SYSTEM_FILES:
                yield entry
