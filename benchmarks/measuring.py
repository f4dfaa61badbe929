"""The tools that benchmarks share: commands timed with their peak memory, the best of several, and tables."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple


class Measured(NamedTuple):
    """A command's wall-clock seconds, and the most memory that it held at once."""

    seconds: float
    peak_mb: float


def time_command(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> Measured:
    """Runs a command that must succeed; returns what it took."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=os.environ | (environment or {}))
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def best_of(times: int, measure: Callable[[], Measured]) -> Measured:
    """Returns the quickest of several: on a shared machine, the one that was disturbed least."""
    return min(measure() for _ in range(times))


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a table in Markdown, which can go into docs/ as it stands."""
    print(f"| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def luigi(task: str, *options: str) -> list[str]:
    """Returns Luigi's command for one of our tasks."""
    return [sys.executable, "-m", "luigi", "--module", "pipeline", task, "--local-scheduler", *options]
