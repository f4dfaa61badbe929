"""The files and folders in one folder of a source, by name and stat.

Hidden and system files are passed over. No file is opened; links are followed.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

from datasets.errors import UserError
from datasets.folders import Stat, counts
from datasets.sources.folder.file_names import is_picture
from datasets.sources.source import SourceGoneError

_DEAD_LINK: Stat = (-1, 0, 0, 0)
_NO_FILE: Stat = (-2, 0, 0, 0)  # a pipe, a socket or a device


class Folder(NamedTuple):
    """The folders that lie directly in a folder, and its files with their stats; what is no file has a size below 0."""

    path: str
    folders: list[str]
    files: dict[str, Stat]


def look_into(root: Path, path: str) -> Folder:
    """Returns what lies in the folder at a path within the source."""
    folder = Folder(path, [], {})
    try:
        directory = os.open(root / path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _read_entries(directory, folder)
        finally:
            os.close(directory)
    except NotADirectoryError as error:
        raise UserError(f"{root / path} is a file: set path to the folder that holds the pictures") from error
    except OSError as error:
        raise SourceGoneError(_gone_message(root / path, error.strerror)) from error
    return folder


def refuse_dead_links(root: Path, folder: Folder) -> None:
    """Refuses dead links that may be a class or a subset; one of a picture is rejected when it is opened."""
    dead = [name for name, stat in folder.files.items() if stat is _DEAD_LINK and not is_picture(name)]
    if dead:
        raise SourceGoneError(_gone_message(root / folder.path / min(dead), "a link that leads nowhere"))


def hold_pictures(folder: Path) -> bool:
    """Returns whether a folder holds any picture, however deep."""
    return any(counts(name) and is_picture(name) for name in _names_below(folder))


def _read_entries(directory: int, folder: Folder) -> None:
    os.stat(".", dir_fd=directory)  # fails in a folder one may list and not enter: all would seem dead links
    files = folder.files
    for name in filter(counts, os.listdir(directory)):
        try:
            stat = os.stat(name, dir_fd=directory)
        except OSError:
            files[name] = _DEAD_LINK
            continue
        if S_ISREG(stat.st_mode):
            files[name] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        elif S_ISDIR(stat.st_mode):
            folder.folders.append(name)
        else:
            files[name] = _NO_FILE


def _gone_message(path: Path, reason: str | None) -> str:
    return f"{path} cannot be read: {reason}. Correct path, connect its disk or make it readable"


def _names_below(folder: Path) -> Iterator[str]:
    for _, folders, files in os.walk(folder):
        folders[:] = filter(counts, folders)
        yield from files
