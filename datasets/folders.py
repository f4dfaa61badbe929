"""The folders that hold the pictures, `images/<train|test>/<class>/`, and what lies in them by name and stat.

Opens no file. A class folder may be a link to a folder elsewhere; folders within it are not read.
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

SUBSET_DIRS = ("train", "test")
IMAGES = "images/"  # within a data set's folder
ASIDE = "aside/"  # the user's files of classes that the data set does not have at present, in the same folders

UNREADABLE = "cannot be read: "  # so begins the reason why the content of a file is not known

_SYSTEM_FILES = frozenset({"Thumbs.db", "desktop.ini", "Icon\r"})

Stat = tuple[int, int, int, int]  # size, mtime, ctime, inode: every edit changes one of them


@dataclass(frozen=True)
class ImageListing:
    """Every file in the folders with its stat, and what cannot be read there, with the reason.

    A folder that cannot be listed is among the latter under its own path (`train/cat`, `train`, or nothing for
    `images/` itself): what it holds is unknown, and not gone.
    """

    stats: dict[str, Stat] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    @cached_property
    def signature(self) -> str:
        """A hash that changes with any name and any stat."""
        paths = sorted(self.stats)
        state = (paths, [self.stats[path] for path in paths], sorted(self.unreadable.items()))
        return hashlib.sha256(marshal.dumps(state, 2)).hexdigest()


def list_images(images_dir: Path) -> ImageListing:
    """Returns what lies in the folders now; hidden and system files are passed over."""
    listing = ImageListing()
    for subset in _folders_in("", images_dir, listing):
        for place in _folders_in(subset, images_dir, listing):
            with _noted_if_closed(place, listing):
                _list_class(place, images_dir / place, listing)
    return listing


def hold_files(images_dir: Path) -> bool:
    """Returns whether any class folder holds a file, hidden and system files aside."""
    return any(True for subset in _paths_in(images_dir) for folder in _paths_in(subset) for _ in _paths_in(folder))


def counts(name: str) -> bool:
    """Returns whether a file of this name is the user's: not hidden, and none that desktops leave in folders."""
    return not name.startswith(".") and name not in _SYSTEM_FILES


def _paths_in(folder: Path | str) -> Iterator[str]:
    """Yields paths one by one, since one file of many thousands is enough to know that there is one."""
    try:
        with os.scandir(folder) as entries:
            yield from (entry.path for entry in entries if counts(entry.name))
    except (FileNotFoundError, NotADirectoryError):
        return


def _folders_in(place: str, images_dir: Path, listing: ImageListing) -> Iterator[str]:
    """Yields the folders at a place; notes with the reason what else lies there."""
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
def _noted_if_closed(place: str, listing: ImageListing) -> Iterator[None]:
    """Notes that a folder cannot be read, where the block finds it closed."""
    try:
        yield
    except FileNotFoundError:
        return  # it was removed while the folder above was listed
    except OSError as error:
        listing.unreadable[place] = f"this folder cannot be read: {error.strerror}"


def _why_no_folder(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_dir():
            return ""
        entry.stat()
    except OSError as error:
        return _dead_link(error) if entry.is_symlink() else f"{UNREADABLE}{error.strerror}"
    return "a file outside the class folders"


def _list_class(place: str, folder: Path, listing: ImageListing) -> None:
    """Notes every file of a class folder with its stat."""
    stats, prefix = listing.stats, place + "/"
    directory = os.open(folder, os.O_RDONLY)  # names looked up from here cost a sixth less than whole paths
    try:
        os.stat(".", dir_fd=directory)  # fails in a folder one may list and not enter, where every file would seem gone
        for name in filter(counts, os.listdir(directory)):  # noqa: PTH208 - no Path lists an open folder
            path = prefix + name
            try:
                stat = os.stat(name, dir_fd=directory)
            except OSError as error:
                if _is_link(name, directory):
                    listing.unreadable[path] = _dead_link(error)
                elif not isinstance(error, FileNotFoundError):  # which means a file removed while the folder was listed
                    listing.unreadable[path] = f"{UNREADABLE}{error.strerror}"
                continue
            if S_ISREG(stat.st_mode):
                stats[path] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
            else:
                listing.unreadable[path] = "is a folder or another thing that is no file"
    finally:
        os.close(directory)


def _dead_link(error: OSError) -> str:
    return f"a link that leads nowhere: {error.strerror}"


def _is_link(name: str, directory: int) -> bool:
    try:
        os.readlink(name, dir_fd=directory)
    except OSError:
        return False
    return True
