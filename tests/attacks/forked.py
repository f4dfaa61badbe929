"""Runs a deed in a process that is forked from this one, and says how it ended."""

import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from attacks.trap import Trap
from datasets.errors import UserError

DONE, TOLD, FELL, KILLED, HUNG = "done", "told", "fell", "killed", "hung"
_PATIENCE = 60  # seconds


class End(NamedTuple):
    """The end of a process: done, told (the user got a message), fell (with a traceback), killed or hung."""

    how: str
    text: str  # the message, or the traceback
    calls: tuple[str, ...] = ()  # what a trap met


def run_forked(deed: Callable[[], object], trap: Trap | None = None) -> End:
    """Returns how a deed ends in a process of its own, in which a trap may be set."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "end"
        process = os.fork()
        if process == 0:
            _live(deed, trap, report)
        status = _wait(process)
        if status is None:
            return End(HUNG, f"no end after {_PATIENCE} s")
        if os.WIFSIGNALED(status):
            return End(KILLED, f"signal {os.WTERMSIG(status)}")
        how, text, calls = pickle.loads(report.read_bytes())
        return End(how, text, calls)


def _live(deed: Callable[[], object], trap: Trap | None, report: Path) -> None:
    """Does the deed, reports its end, and ends the process."""
    with report.open("wb") as file:
        silence = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silence, stream)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        how, text = DONE, ""
        if trap:
            trap.set()
        try:
            deed()
        except UserError as error:
            how, text = TOLD, str(error)
        except BaseException as error:
            how, text = FELL, f"{type(error).__name__}: {error} ({_place_of(error)})"
        calls = tuple(trap.calls) if trap else ()
        if trap:
            trap.calls.clear()
        file.write(pickle.dumps((how, text, calls)))
    sys.stdout.flush()
    os._exit(0)


def _place_of(error: BaseException) -> str:
    """Returns the last three places of this project that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/tests/" not in frame.filename and "-packages" not in frame.filename]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in ours[-4:])


def _wait(process: int) -> int | None:
    """Returns the status that a process ends with; kills it if it does not end."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.005)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None
