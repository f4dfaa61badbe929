"""What the benchmarks share: commands timed with their peak memory, best of several, and tables of what came out."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple


class Measured(NamedTuple):
    """Wall-clock seconds, and the most memory that was held at once."""

    seconds: float
    peak_mb: float


def time_command(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> Measured:
    """Run a command that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=os.environ | (environment or {}))
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def best_of(times: int, measure: Callable[[], Measured]) -> Measured:
    """The quickest of several: on a shared machine, the one least disturbed."""
    return min(measure() for _ in range(times))


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as Markdown has it, to go into docs/ as it stands."""
    print(f"| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def luigi(task: str, *options: str) -> list[str]:
    """Luigi's command for one of our tasks."""
    return [sys.executable, "-m", "luigi", "--module", "pipeline", task, "--local-scheduler", *options]
