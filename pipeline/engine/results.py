"""The results on disk: folders named by their keys, each whole or absent, made under a lock that ends with it."""

import errno
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from datasets.errors import UserError
from datasets.files.link import swap_link
from datasets.files.walk import all_below
from datasets.files.whole_file import flush, write_whole
from pipeline.engine.trace import read_trace

LATEST = "latest"
KEY = re.compile(r"[0-9a-f]{16}")
UNFINISHED = re.compile(r"\.([0-9a-f]{16})(\.(partial|outdated|deleted))+")  # what is made, replaced or deleted
_MARK = ".place"


@dataclass(frozen=True)
class Result:
    """A result: its place within a data set's folder, as `runs/plain/train`, and its key."""

    home: Path
    result_path: str
    key: str

    @property
    def folder(self) -> Path:
        """The folder of the result once it is whole."""
        return self.home / self.result_path / self.key

    @property
    def partial(self) -> Path:
        """The folder in which it is made; a killed training goes on from here."""
        return self.home / self.result_path / f".{self.key}.partial"

    def clear_partial(self, keep: bool) -> Path:
        """Returns the folder to build in; keeps what a killed process left, if asked to."""
        if not keep:
            shutil.rmtree(self.partial, ignore_errors=True)
        self.partial.mkdir(parents=True, exist_ok=True)
        return self.partial

    def exists(self) -> bool:
        """Returns whether it is there, with a whole trace and every file that the trace names."""
        try:
            trace = read_trace(self.folder)
            is_whole = all(isinstance(trace[part], dict) for part in ("contents", "parameters", "inputs", "code"))
            return is_whole and all((self.folder / name).is_file() for name in trace["files"])
        except (OSError, ValueError, TypeError, KeyError):
            return False

    def is_latest(self) -> bool:
        """Returns whether `latest/` names it."""
        return latest_key(self.home, self.result_path) == self.key

    def publish(self) -> None:
        """Flushes what was made and moves it into place, over an older result of the same key."""
        for file in all_below(self.partial):
            flush(file)
        flush(self.partial)
        if self.folder.exists():
            outdated = self.folder.with_name(f".{self.key}.outdated")
            shutil.rmtree(outdated, ignore_errors=True)
            self.folder.rename(outdated)
            self.partial.rename(self.folder)
            shutil.rmtree(outdated)
        else:
            self.partial.rename(self.folder)
        flush(self.folder.parent)

    def point(self) -> None:
        """Makes `latest/` name this result."""
        point_link(self.home / LATEST / self.result_path, self.folder)


def point_link(link: Path, target: Path) -> None:
    """Makes a relative link name the target."""
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_dir() and not link.is_symlink():  # a copy of the workspace that turned links into folders
        link.rename(link.with_name(f"{link.name}-copied-{int(time.time())}"))
    swap_link(link, os.path.relpath(target, link.parent))


def latest_key(home: Path, result_path: str) -> str | None:
    """The key of the result that `latest/` names at a place."""
    try:
        return (home / LATEST / result_path).readlink().name
    except OSError:
        return None


def mark_place(home: Path, result_path: str) -> None:
    """Marks a place as one where results are kept, with its name, so that no copy of it passes for it."""
    mark = home / result_path / _MARK
    if not mark.exists() or mark.read_bytes() != _name_of_place(home, result_path):
        write_whole(mark, _name_of_place(home, result_path))


def is_place(home: Path, result_path: str) -> bool:
    """Returns whether results are kept at a place, which is no copy and is reached by no link."""
    folder = home / result_path
    if folder.resolve() != home.resolve() / result_path:
        return False
    try:
        return (folder / _MARK).read_bytes() == _name_of_place(home, result_path)
    except FileNotFoundError:  # as older versions left it
        return (home / LATEST / result_path).resolve().parent == folder.resolve()


def _name_of_place(home: Path, result_path: str) -> bytes:
    return os.fsencode(f"{home.name}/{result_path}\n")


def set_aside(folder: Path) -> Path:
    """Takes a result, or what was left of one, away from all commands in one step; returns what is left to delete."""
    if folder.suffix == ".deleted":
        return folder
    deleted = folder.with_name(f".{folder.name.lstrip('.')}.deleted")
    if deleted.exists():
        shutil.rmtree(deleted)
    return folder.rename(deleted)


_ADVICE = {
    errno.ENOSPC: "the disk is full: make room",
    errno.EDQUOT: "your share of the disk is used up: make room",
    errno.EFBIG: "the file is larger than this system allows you to write: raise the limit (ulimit -f)",
    errno.EROFS: "the disk is read-only: set [paths] workspace in luigi.cfg to a folder you may write to",
    errno.EACCES: "you may not read or write there: allow it, or set [paths] workspace in luigi.cfg elsewhere",
    errno.EPERM: "you may not read or write there: allow it, or set [paths] workspace in luigi.cfg elsewhere",
    errno.EMFILE: "too many files are open at once: raise the limit (ulimit -n)",
    errno.ENOLCK: "this disk knows no locks: set [paths] workspace in luigi.cfg to a folder on another",
    errno.ENOTDIR: "a file is where a folder should be: move it, or set [paths] workspace in luigi.cfg elsewhere",
    errno.EEXIST: "a file is where a folder should be: move it, or set [paths] workspace in luigi.cfg elsewhere",
}


@contextmanager
def disk_trouble_explained(place: Path) -> Iterator[None]:
    """Explains in plain words what the system refuses, such as room on the disk, and names the way out."""
    try:
        yield
    except OSError as error:
        if error.errno is None or isinstance(error, BrokenPipeError):  # such as `… | head` closes
            raise
        advice = _ADVICE.get(error.errno, f"{error.strerror}: remove the cause")
        where = error.filename or place
        raise UserError(f"{where}: {advice}, then run again. What was finished is kept") from error
