"""What lies in the class folders now, by name and stat; nothing is opened.

Reads `images/<subset>/<class>/`. A class folder may be a link to one elsewhere; folders within it are not read.
"""

import hashlib
import marshal
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from stat import S_ISREG

_SYSTEM_FILES = frozenset({"Thumbs.db", "desktop.ini", "Icon\r"})

Stat = tuple[int, int, int, int]  # size, mtime, ctime, inode: no edit leaves all four as they were


@dataclass(frozen=True)
class Listing:
    """Every file in the folders with its stat, and what lies there that cannot be read, with the reason.

    A folder that cannot be listed is among the latter under its own path (`train/cat`, `train`, or nothing for
    `images/` itself): what it holds is unknown, and not gone.
    """

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
    for subset in _folders_in("", images_dir, listing):
        for place in _folders_in(subset, images_dir, listing):
            with _noted_if_closed(place, listing):
                _list_class(place, images_dir / place, listing)
    return listing


def _folders_in(place: str, images_dir: Path, listing: Listing) -> Iterator[str]:
    """The folders at a place; what else lies there is noted with the reason."""
    with _noted_if_closed(place, listing), os.scandir(images_dir / place) as entries:
        for entry in entries:
            path = f"{place}/{entry.name}" if place else entry.name
            if not counts(entry.name):
                continue
            if reason := _why_no_folder(entry):
                listing.unreadable[path] = reason
            else:
                yield path


@contextmanager
def _noted_if_closed(place: str, listing: Listing) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        return  # it went while the folder above was listed
    except OSError as error:
        listing.unreadable[place] = f"this folder cannot be read: {error.strerror}"


def _why_no_folder(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_dir():
            return ""
        entry.stat()
    except OSError as error:
        return _dead_link(error) if entry.is_symlink() else f"cannot be read: {error.strerror}"
    return "a file outside the class folders"


def _list_class(place: str, folder: Path, listing: Listing) -> None:
    stats, prefix = listing.stats, place + "/"
    directory = os.open(folder, os.O_RDONLY)  # names looked up from here cost a sixth less than whole paths
    try:
        os.stat(".", dir_fd=directory)  # of a folder one may list and not enter, no file could be told from one gone
        for name in filter(counts, os.listdir(directory)):  # noqa: PTH208 - no Path lists an open folder
            path = prefix + name
            try:
                stat = os.stat(name, dir_fd=directory)
            except OSError as error:
                if _is_link(name, directory):
                    listing.unreadable[path] = _dead_link(error)
                elif not isinstance(error, FileNotFoundError):  # that is a file that went while the folder was listed
                    listing.unreadable[path] = f"cannot be read: {error.strerror}"
                continue
            if S_ISREG(stat.st_mode):
                stats[path] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
            else:
                listing.unreadable[path] = "is a folder or another thing that is no file"
    finally:
        os.close(directory)


def _dead_link(error: OSError) -> str:
    return f"a link that leads nowhere: {error.strerror}"


def counts(name: str) -> bool:
    """Whether a file of this name is anybody's: hidden ones and those that desktops strew about are not."""
    return not name.startswith(".") and name not in _SYSTEM_FILES


def _is_link(name: str, directory: int) -> bool:
    try:
        os.readlink(name, dir_fd=directory)
    except OSError:
        return False
    return True
