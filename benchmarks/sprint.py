"""Measures `sprint` beside `three-a` on CIFAR-10, and beside the first notebook's recipes on five classes.

    python benchmarks/sprint.py FOLDER ARCHIVES [--seeds 3] [--only TRIAL ...]

FOLDER keeps the workspace: a second call finds what the first has trained, and goes on where it was stopped. A share of
a reference's seconds is worth most where one call trained both, seed by seed. ARCHIVES holds CIFAR's archives. Every
training is the command that a user types; its seconds are all of it but the loading of TensorFlow. Accuracies are of
the test pictures: of one view of each, and averaged over several views where the recipe has them.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, stdev
from typing import Any, NamedTuple

from measuring import print_table
from recipe_scores import SETTINGS, measure

RECIPES = """
[recipe:sprint-shortest]
base = sprint
scales = 0.5,0.75
epochs = 2

[recipe:sprint-smallest]
base = sprint
scales = 0.375,0.53125
horizontal_shift_fraction = 0
vertical_shift_fraction = 0
batch_size = 250
epochs = 2

[recipe:sprint-long]
base = sprint
widths = 128,384,384
scales = 0.5625,0.5625,0.5625,0.5625,0.5625,0.5625,0.75,0.75,0.875,0.875,0.875
epochs = 11
"""


class Trial(NamedTuple):
    """The training of one recipe on one data set."""

    dataset: str
    recipe: str
    reference: str = ""  # the trial against whose seconds its own are held, where that is run too


TRIALS = {
    "three-a": Trial("cifar10", "three-a"),
    "sprint-shortest": Trial("cifar10", "sprint-shortest", "three-a"),
    "sprint-smallest": Trial("cifar10", "sprint-smallest", "three-a"),
    "sprint": Trial("cifar10", "sprint", "three-a"),
    "sprint-long": Trial("cifar10", "sprint-long", "three-a"),
    "plain": Trial("flowers", "plain"),
    "dropout": Trial("flowers", "dropout", "plain"),
    "augmented": Trial("flowers", "augmented", "plain"),
    "sprint-few": Trial("flowers", "sprint-few", "plain"),
}
HEADER = (
    *("data set", "recipe", "seeds", "epochs", "seconds a training", "of the reference's"),
    *("test accuracy", "with averaged views"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("archives", type=Path)
    parser.add_argument("--seeds", default=3, type=int)
    parser.add_argument("--only", default=[], nargs="+", choices=TRIALS, help="these alone")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.format(archives=given.archives.resolve()) + RECIPES
    (given.folder / "luigi.cfg").write_text(settings, encoding="utf-8")
    print_table(HEADER, rows_of(given.folder, [name for name in TRIALS if name in (given.only or TRIALS)], given.seeds))


def rows_of(folder: Path, names: list[str], seeds: int) -> Iterator[tuple[object, ...]]:
    """Yields a row for each trial; seeds take turns, so that a slow hour of the machine slows every trial alike."""
    by_seed = [{name: train(folder, TRIALS[name], seed) for name in names} for seed in range(seeds)]
    for name in names:
        measured = [trials[name] for trials in by_seed]
        seconds = mean(metrics["train_seconds"] for metrics in measured)
        yield (
            TRIALS[name].dataset,
            f"`{TRIALS[name].recipe}`",
            seeds,
            measured[0]["epochs"],
            f"{seconds:.0f}",
            share_of_reference(by_seed, name),
            spread_of([metrics["accuracy"] for metrics in measured]),
            spread_of([metrics["accuracy_tta"] for metrics in measured if "accuracy_tta" in metrics]),
        )


def share_of_reference(by_seed: list[dict[str, dict[str, Any]]], name: str) -> str:
    reference = TRIALS[name].reference
    if reference not in by_seed[0]:
        return ""
    shares = [trials[name]["train_seconds"] / trials[reference]["train_seconds"] for trials in by_seed]
    return f"{mean(shares):.4f} ({min(shares):.4f} to {max(shares):.4f})"


def train(folder: Path, trial: Trial, seed: int) -> dict[str, Any]:
    options = ["--dataset", trial.dataset, "--recipe", trial.recipe, "--TrainModel-seed", str(seed)]
    return measure(folder, trial.dataset, trial.recipe, options)


def spread_of(accuracies: list[float]) -> str:
    if not accuracies:
        return ""
    spread = f" (standard deviation {stdev(accuracies):.1%})" if len(accuracies) > 1 else ""
    return f"{mean(accuracies):.1%}{spread}"


if __name__ == "__main__":
    main()
