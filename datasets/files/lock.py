"""The locks of folders; the system lets go of one when its process ends, however it ends."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path, work: str) -> Iterator[None]:
    """Holds the lock of a folder, which is made where there is none; `work` names in a message what waits for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        _acquire(lock.fileno(), work)
        yield


@contextmanager
def locked_without_file(folder: Path, work: str) -> Iterator[None]:
    """Holds a lock of a folder that may be read-only and gets no file: a lock of its own, apart from `locked`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _acquire(descriptor, work)
        yield
    finally:
        os.close(descriptor)


def is_locked(folder: Path) -> bool:
    """Returns whether a living process holds the lock of a folder."""
    try:
        with (folder / ".lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _acquire(descriptor: int, work: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"{work}: another process is at it; waiting for it to end", file=sys.stderr, flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
