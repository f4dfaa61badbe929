"""The results that running commands use, which nobody may delete meanwhile.

Each invocation has a list in `workspace/.running/`. Its processes add a result before they look whether it is there,
and share a lock of the list until they end. So a list without a lock is of a command that ended or was killed.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from datasets.files.lock import is_held, locked, share

_FOLDER = ".running"


@dataclass
class _List:
    """A list that this process holds: its descriptor, and what this process added."""

    descriptor: int
    results: set[Path] = field(default_factory=set)


_held: dict[tuple[int, Path], _List] = {}  # by process, since a forked one holds nothing of what its parent holds


def note(result: Path, workspace: Path, invocation: str) -> None:
    """Notes that an invocation uses a result from here on, be it there or not."""
    file = _folder(workspace) / invocation
    own = _held.get((os.getpid(), file))
    if own is None or result not in own.results:
        with locked(file.parent):
            own = own or _open(file)
            line = f"\n{json.dumps(result.relative_to(workspace).as_posix())}".encode()
            if os.write(own.descriptor, line) < len(line):
                raise OSError(f"{file} cannot be written")
        own.results.add(result)


def end(invocation: str) -> None:
    """Lets go of what an invocation used, where this process noted it."""
    for process, file in [*_held]:
        if (process, file.name) == (os.getpid(), invocation):
            with suppress(OSError):
                file.unlink(missing_ok=True)
            os.close(_held.pop((process, file)).descriptor)


@contextmanager
def results_in_use(workspace: Path) -> Iterator[set[Path]]:
    """Gives the results that running commands use; none begins to use another one until the block ends."""
    folder = _folder(workspace)
    with locked(folder):
        lists = [_read(file) for file in _living(folder)]
        yield {workspace / json.loads(line) for lines in lists for line in lines.splitlines() if line.endswith(b'"')}


def _folder(workspace: Path) -> Path:
    return workspace.absolute() / _FOLDER


def _open(file: Path) -> _List:
    """Opens the list of an invocation, and removes those of commands that were killed."""
    _living(file.parent)
    return _held.setdefault((os.getpid(), file), _List(share(file)))


def _living(folder: Path) -> list[Path]:
    """Returns the lists of running commands; removes the others. Nobody opens a list while the folder is locked."""
    lists = [file for file in folder.iterdir() if not file.name.startswith(".")]
    dead = [file for file in lists if (os.getpid(), file) not in _held and not is_held(file)]
    for file in dead:
        file.unlink(missing_ok=True)
    return [file for file in lists if file not in dead]


def _read(file: Path) -> bytes:
    own = _held.get((os.getpid(), file))  # to close the file would end its lock on a disk of another machine
    return os.pread(own.descriptor, os.fstat(own.descriptor).st_size, 0) if own else file.read_bytes()
