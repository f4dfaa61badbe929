"""One run of the command, whole process tree: the state of the pictures it sees, and the stages it has run so far.

Workers are processes of their own (forked or started anew, as the system has it), so both are kept in a folder whose
name they inherit through the environment; it goes when the process that made it ends.
"""

import atexit
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_VARIABLE = "PIGEONHOLE_INVOCATION"
_LEDGER = "ledger"

known_keys: dict[str, str] = {}  # the keys of stages do not change within an invocation, once they are known
_unsettled: set[str] = set()


@dataclass
class Entry:
    """A stage that ran: whether its result was built or found again, the seconds it took, and what stopped it."""

    task: str
    home: str
    place: str
    built: bool = False
    error: str = ""
    seconds: float = 0.0


def begin() -> None:
    """Begin the invocation of this process; without it, one begins with the first thing that is noted."""
    _folder()


@contextmanager
def anew() -> Iterator[None]:
    """An invocation of its own within a longer process, such as a notebook: it sees the pictures as they are now."""
    outer = os.environ.pop(_VARIABLE, None)
    forget()
    try:
        yield
    finally:
        shutil.rmtree(os.environ.pop(_VARIABLE, ""), ignore_errors=True)
        forget()
        if outer is not None:
            os.environ[_VARIABLE] = outer


def forget() -> None:
    """Drop what this process remembers."""
    known_keys.clear()
    _unsettled.clear()


def pin(dataset_home: Path, digest: str) -> None:
    """Fix the state of a data set's pictures for the rest of this invocation, in every process of it."""
    target = _folder() / _file_name(dataset_home)
    written = target.with_suffix(f".{os.getpid()}")
    written.write_text(digest, encoding="utf-8")
    written.replace(target)
    _unsettled.discard(str(dataset_home))


def pinned(dataset_home: Path) -> str | None:
    """The state that any process of this invocation fixed, or None."""
    try:
        return (_folder() / _file_name(dataset_home)).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def is_unsettled(dataset_home: Path) -> bool:
    """Whether this process has looked, and found pictures that must be read before their state is known."""
    return str(dataset_home) in _unsettled


def unsettle(dataset_home: Path) -> None:
    """Note that pictures must be read before their state is known, so that nobody looks again until they are."""
    _unsettled.add(str(dataset_home))


@contextmanager
def running(task: str, home: Path, place: str) -> Iterator[Entry]:
    """Write a stage that runs into the ledger, however it ends."""
    entry = Entry(task, str(home), place)
    began = time.perf_counter()
    try:
        yield entry
    except BaseException as error:
        entry.error = str(error) or type(error).__name__
        raise
    finally:
        entry.seconds = time.perf_counter() - began
        with (_folder() / _LEDGER).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(asdict(entry)) + "\n")


def ledger() -> list[Entry]:
    """The stages that ran so far, in every process."""
    try:
        lines = (_folder() / _LEDGER).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Entry(**json.loads(line)) for line in lines]


def _folder() -> Path:
    known = os.environ.get(_VARIABLE)
    if known is None:
        known = os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="pigeonhole-")
        atexit.register(_remove, known, os.getpid())
    return Path(known)


def _remove(path: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)


def _file_name(dataset_home: Path) -> str:
    return f"pictures-of-{dataset_home.name}"
