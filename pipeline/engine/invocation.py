"""The state of one command with all its processes: the pictures as it sees them, the stages it ran so far.

Workers are processes of their own, so the state and the stages are kept in a folder whose name they inherit through the
environment. The folder goes when the process that made it ends. Without an invocation nothing is fixed or remembered:
whoever asks then, as a notebook might, is told what is so now.
"""

import atexit
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from datasets.errors import UserError
from datasets.files.whole_file import write_whole
from pipeline.engine import in_use
from pipeline.engine.trace import Plan

_VARIABLE = "PIGEONHOLE_INVOCATION"
_WORKERS = "PIGEONHOLE_WORKERS"
_LEDGER = "ledger"
_PREFIX = "pigeonhole-"

_plans: dict[str, Plan] = {}
_complete: set[str] = set()
_unsettled: set[str] = set()


@dataclass
class Entry:
    """A stage that ran: whether it worked or found all again, the seconds it took, and what stopped it.

    One that never ended was killed before it could say why.
    """

    task: str
    home: str
    result_path: str
    built: bool = False  # it had to do something, if only to look at the pictures again
    made_result: bool = False  # its result too is new
    error: str = ""
    is_users: bool = False  # the error is a mistake that the user can put right
    seconds: float = 0.0
    ended: bool = False


def begin(workers: int = 1) -> None:
    """Begins an invocation that lasts as long as this process, whatever it was started from."""
    _forget()
    os.environ[_WORKERS] = str(workers)
    with _trouble_explained():
        os.environ[_VARIABLE] = tempfile.mkdtemp(prefix=_PREFIX)
    atexit.register(_remove, os.environ[_VARIABLE], os.getpid())


@contextmanager
def separate(workers: int = 1) -> Iterator[None]:
    """An invocation of its own within a longer process, such as a notebook: it sees the pictures as they are now."""
    outer = {name: os.environ.pop(name) for name in (_VARIABLE, _WORKERS) if name in os.environ}
    _forget()
    with _trouble_explained():
        folder = tempfile.mkdtemp(prefix=_PREFIX)
    os.environ |= {_VARIABLE: folder, _WORKERS: str(workers)}
    try:
        yield
    finally:
        _remove(folder, os.getpid())
        for name in (_VARIABLE, _WORKERS):
            del os.environ[name]
        _forget()
        os.environ |= outer


@contextmanager
def shared_or_separate() -> Iterator[None]:
    """The invocation there is, or one for a single stage that is run without."""
    if current_folder() is not None:
        yield
        return
    with separate():
        yield


def worker_count() -> int:
    """Returns how many stages may run at once in this invocation."""
    return int(os.environ.get(_WORKERS, "1"))


def pin(dataset_home: Path, state: str, of: str = "pictures") -> None:
    """Fixes the state of a data set's pictures, or of its source, for the rest of this invocation in all processes."""
    if (folder := current_folder()) is not None:
        write_whole(folder / _file_name(dataset_home, of), state, shared=True)


def pinned(dataset_home: Path, of: str = "pictures") -> str | None:
    """Returns the state that any process of this invocation fixed, or None."""
    if (folder := current_folder()) is None:
        return None
    try:
        return (folder / _file_name(dataset_home, of)).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def is_unsettled(dataset_home: Path) -> bool:
    """Returns whether this process has looked, and found pictures that must be read before their state is known."""
    return str(dataset_home) in _unsettled


def unsettle(dataset_home: Path) -> None:
    """Notes that pictures must be read before their state is known, so that nobody looks again until they are."""
    if current_folder() is not None:
        _unsettled.add(str(dataset_home))


def known_plan(stage: str) -> Plan | None:
    """Returns a stage's key and what it was made from; once known they do not change within an invocation."""
    return _plans.get(stage)


def remember_plan(stage: str, plan: Plan) -> None:
    """Keeps them for the rest of this invocation."""
    if current_folder() is not None:
        _plans[stage] = plan


def use(result: Path, workspace: Path) -> None:
    """Keeps a result, be it there or not, from being deleted by another command before this invocation ends."""
    if (folder := current_folder()) is not None and workspace.is_dir():
        in_use.note(result, workspace, folder.name)


def forget_plan(stage: str) -> None:
    """Forgets them, because what goes into the key was read again."""
    _plans.pop(stage, None)


def is_complete(stage: str, task: str, home: Path) -> bool:
    """Returns whether a stage was complete when last asked, or has run since; what other commands do does not count."""
    if stage not in _complete and any(
        (entry.task, entry.home) == (task, str(home)) for entry in ledger() if _is_good(entry)
    ):
        _complete.add(stage)
    return stage in _complete


def note_complete(stage: str) -> None:
    """Keeps for the rest of this invocation that a stage is complete."""
    if current_folder() is not None:
        _complete.add(stage)


@contextmanager
def running(task: str, home: Path, result_path: str) -> Iterator[Entry]:
    """Writes a stage that runs into the ledger, as it begins and however it ends."""
    entry = Entry(task, str(home), result_path)
    _write(entry)
    began = time.perf_counter()
    try:
        yield entry
    except BaseException as error:
        entry.error = str(error) or type(error).__name__
        entry.is_users = isinstance(error, UserError)
        raise
    finally:
        entry.seconds, entry.ended = time.perf_counter() - began, True
        _write(entry)


def ledger() -> list[Entry]:
    """The stages that ran so far, in every process, each as it stands."""
    with _trouble_explained(), suppress(FileNotFoundError):
        lines = (folder / _LEDGER).read_text(encoding="utf-8").splitlines() if (folder := current_folder()) else []
        return _last_entries(lines)
    return []


def _last_entries(lines: list[str]) -> list[Entry]:
    """Returns each stage as the last line about it has it."""
    return list({(entry.task, entry.home): entry for line in lines for entry in _entries(line)}.values())


def _entries(line: str) -> Iterator[Entry]:
    """Yields the entry of a line; a full disk tears one, and the next is joined to it."""
    with suppress(ValueError, TypeError):
        yield Entry(**json.loads(line))


@contextmanager
def _trouble_explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{error.filename or tempfile.gettempdir()}: {error.strerror}. A command keeps there what it remembers "
            "until it ends: remove the cause, or set TMPDIR to another folder, then run again"
        ) from error


def _write(entry: Entry) -> None:
    if (folder := current_folder()) is not None:
        with suppress(OSError), (folder / _LEDGER).open("a", encoding="utf-8") as lines:  # it serves the screen alone
            lines.write(json.dumps(asdict(entry)) + "\n")


def _is_good(entry: Entry) -> bool:
    return entry.ended and not entry.error


def _forget() -> None:
    _plans.clear()
    _complete.clear()
    _unsettled.clear()


def current_folder() -> Path | None:
    """Returns the folder that this invocation's processes share; no other invocation has one of that name."""
    known = os.environ.get(_VARIABLE)
    return Path(known) if known else None


def _remove(path: str, owner: int) -> None:
    if os.getpid() == owner:
        in_use.end(Path(path).name)
        shutil.rmtree(path, ignore_errors=True)


def _file_name(dataset_home: Path, of: str) -> str:
    return f"{of}-of-{dataset_home.name}"
