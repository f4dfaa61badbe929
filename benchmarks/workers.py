"""Measures how long three trainings take with `--workers 1`, and with 2: each on all cores, or sharing them.

    python benchmarks/workers.py [--dataset sample] [--recipes plain,dropout,augmented] [--epochs 30] [--rounds 3]

Trains in a workspace of its own, which is made first; prints a table. The three ways take turns in every round, and
what counts is the ratio within a round. What else the machine does changes the seconds, and the processor's far less.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from measuring import luigi, print_table, time_command

from models.backend import TENSORFLOWS_POOLS

SETTINGS = """
[paths]
workspace = workspace
[TrainModel]
epochs = {epochs}
"""
PROGRAM = """
from pipeline import TrainModel, build
build(*(TrainModel(dataset={dataset!r}, recipe=name) for name in {recipes}), workers={workers})
"""

CORES = str(len(os.sched_getaffinity(0)))
WAYS: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "one worker": (1, {}),
    f"two workers, {CORES} threads each": (2, dict.fromkeys(TENSORFLOWS_POOLS, CORES)),
    "two workers, cores shared out": (2, {}),
}


class Spent(NamedTuple):
    seconds: float
    processor_seconds: float  # of all cores together


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", default="sample")
    parser.add_argument("--recipes", default="plain,dropout,augmented", type=lambda text: text.split(","))
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "luigi.cfg").write_text(SETTINGS.format(epochs=options.epochs), encoding="utf-8")
        time_command(luigi("PackImages", "--dataset", options.dataset), folder)
        rounds = [
            {way: spend(options, folder, *setting) for way, setting in WAYS.items()} for _ in range(options.rounds)
        ]
    print_table(("", "seconds", "times one worker's", "processor seconds", "times"), (row(way, rounds) for way in WAYS))


def spend(options: argparse.Namespace, folder: Path, workers: int, environment: Mapping[str, str]) -> Spent:
    """Trains all recipes again; returns the seconds of the clock and of the processor."""
    for place in ("runs", "latest/runs"):
        shutil.rmtree(folder / "workspace" / options.dataset / place, ignore_errors=True)
    program = PROGRAM.format(dataset=options.dataset, recipes=options.recipes, workers=workers)
    before = os.times()
    seconds = time_command([sys.executable, "-c", program], folder, dict(environment)).seconds
    after = os.times()
    return Spent(seconds, after.children_user + after.children_system - before.children_user - before.children_system)


def row(way: str, rounds: list[dict[str, Spent]]) -> list[str]:
    """Returns the medians of a way, and of its ratios to the first."""
    spent, first = [measured[way] for measured in rounds], [measured[next(iter(WAYS))] for measured in rounds]
    cells = [way]
    for mine, others in zip(zip(*spent, strict=True), zip(*first, strict=True), strict=True):
        ratio = statistics.median(one / other for one, other in zip(mine, others, strict=True))
        cells += [f"{statistics.median(mine):.1f}", f"{ratio:.2f}"]
    return cells


if __name__ == "__main__":
    main()
