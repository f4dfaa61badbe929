"""The locks of folders and files, which the system lets go of when their process ends, however it ends.

On a disk of another machine a lock is the whole process's, needs the file open for writing, and is lost as soon as the
process closes that file anywhere. So threads take turns, and no process opens the file of a lock that it holds.
"""

import fcntl
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# By process too, since a forked one holds nothing of what its parent holds.
_turns: defaultdict[tuple[int, Path], threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def locked(folder: Path, work: str = "") -> Iterator[None]:
    """Holds the lock of a folder, which is made where there is none.

    `work` names in a message what waits for it; without it a wait is too short to be worth one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder / ".lock", work):
        yield


@contextmanager
def locked_by_file(file: Path, work: str) -> Iterator[None]:
    """Holds a lock that is a file, which goes with it."""
    with _held(file, work):
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def is_locked(folder: Path) -> bool:
    """Returns whether a process holds the lock of a folder, or may hold it, where nobody can tell."""
    file = folder / ".lock"
    return file.exists() and is_held(file)


def is_held(file: Path) -> bool:
    """Returns whether a process holds the lock of a file, shared or not, or may hold it, where nobody can tell."""
    turn = _turn(file)
    if not turn.acquire(blocking=False):
        return True
    try:
        os.close(_open_locked(file, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except OSError:
        return True
    finally:
        turn.release()
    return False


def share(file: Path) -> int:
    """Opens a file to read and append; the lock of it that others may share is held until the descriptor is closed."""
    return _open_locked(file, fcntl.LOCK_SH)


@contextmanager
def _held(file: Path, work: str) -> Iterator[None]:
    turn = _turn(file)
    if not turn.acquire(blocking=False):
        _say_that_it_waits(work)
        turn.acquire()
    try:
        try:
            descriptor = _open_locked(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say_that_it_waits(work)
            descriptor = _open_locked(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)
    finally:
        turn.release()


def _open_locked(file: Path, how: int) -> int:
    """Opens a file and locks it; begins again where another process took the file away meanwhile."""
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, how)
            if _is_named(file, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_named(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _turn(file: Path) -> threading.Lock:
    return _turns[os.getpid(), file.absolute()]


def _say_that_it_waits(work: str) -> None:
    if work:
        print(f"{work}: another process is at it; waiting for it to end", file=sys.stderr, flush=True)
