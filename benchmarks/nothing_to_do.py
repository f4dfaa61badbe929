"""Times a run with nothing to do, and `status`, against another checkout of this project, such as an older commit.

    git worktree add ../before COMMIT
    python benchmarks/nothing_to_do.py ../before

Each checkout makes the sample's report first, with short trainings, in a workspace of its own. Then the two run in
turn, and the median of each is printed with the median of the ratios of neighbouring runs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from measuring import print_table

RUNS = 9
HERE = Path(__file__).resolve().parent.parent
REPORT = ("-m", "luigi", "--module", "pipeline", "FullReport", "--local-scheduler")
COMMANDS = {"nothing to do": REPORT, "status": ("-m", "pipeline", "status")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path)
    checkouts = {"this": HERE, "other": parser.parse_args().other.resolve()}
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder) / name for name in checkouts}
        for name, place in places.items():
            place.mkdir()
            (place / "luigi.cfg").write_text("[TrainModel]\nepochs = 1\n", encoding="utf-8")
            run(checkouts[name], place, REPORT)
        rows = [row_of(what, command, checkouts, places) for what, command in COMMANDS.items()]
    print_table(("command", "this, seconds", "other, seconds", "this / other"), rows)


def row_of(
    what: str, command: Sequence[str], checkouts: dict[str, Path], places: dict[str, Path]
) -> tuple[str, str, str, str]:
    """Returns the row of one command, which is run in turn by both checkouts, and once before for each."""
    seconds: dict[str, list[float]] = {name: [] for name in checkouts}
    for _ in range(RUNS + 1):
        for name, checkout in checkouts.items():
            seconds[name].append(run(checkout, places[name], command))
    this, other = (took[1:] for took in seconds.values())
    ratio = median(mine / theirs for mine, theirs in zip(this, other, strict=True))
    return what, f"{median(this):.2f}", f"{median(other):.2f}", f"{ratio:.2f}"


def run(checkout: Path, place: Path, command: Sequence[str]) -> float:
    """Runs a command by one checkout's code; returns the seconds that it took."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=place, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
