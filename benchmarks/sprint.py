"""Seconds to accuracy: `sprint` beside `three-a` on CIFAR-10, and beside the first notebook's recipes on five classes.

    python benchmarks/sprint.py FOLDER ARCHIVES [--seeds 3] [--only TRIAL ...]

Seconds are held against those of the first trial on the same data set. `three-a` takes an hour a seed; `three-a-begun`
stands in for it where there is less time: two of its fifty epochs, and 25 times their seconds.

FOLDER keeps the workspace, so that a second call finds what the first has trained, and a stopped one goes on. ARCHIVES
holds CIFAR's archives. Every training is the command that a user types; its seconds hold all of it but the loading of
TensorFlow. Accuracies are of the test pictures, with averaged views where the recipe has them. `sprint-together`
is what the models of all seeds of `sprint` say in the mean, for the seconds of all their trainings.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any, NamedTuple

import numpy as np
from measuring import print_table
from recipe_scores import SETTINGS, measure

from datasets.packed import read_subset

RECIPES = """
[recipe:three-a-begun]
base = three-a
epochs = 2

[recipe:sprint-shortest]
base = sprint
scales = 0.5,0.75
epochs = 2

[recipe:sprint-smallest]
base = sprint
scales = 0.375,0.5625
batch_size = 250
epochs = 2

[recipe:sprint-long]
base = sprint
widths = 64,256,256
scales = {scales}
horizontal_shift_fraction = 0.0625
vertical_shift_fraction = 0.0625
cutout = 0.25
epochs = 34
""".format(scales=",".join(["0.75"] * 20 + ["1"] * 14))


class Trial(NamedTuple):
    """The training of one recipe on one data set."""

    dataset: str
    recipe: str
    stands_for: int = 1  # so many times its epochs, and so its seconds
    is_together: bool = False  # one prediction by the models of all seeds


TRIALS = {
    "three-a": Trial("cifar10", "three-a"),
    "three-a-begun": Trial("cifar10", "three-a-begun", stands_for=25),
    "sprint-smallest": Trial("cifar10", "sprint-smallest"),
    "sprint-shortest": Trial("cifar10", "sprint-shortest"),
    "sprint": Trial("cifar10", "sprint"),
    "sprint-together": Trial("cifar10", "sprint", is_together=True),
    "sprint-long": Trial("cifar10", "sprint-long"),
    "plain": Trial("flowers", "plain"),
    "dropout": Trial("flowers", "dropout"),
    "augmented": Trial("flowers", "augmented"),
    "sprint-few": Trial("flowers", "sprint-few"),
}
HEADER = ("data set", "recipe", "seeds", "epochs", "seconds a training", "of the first's", "test accuracy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("archives", type=Path)
    parser.add_argument("--seeds", default=3, type=int)
    parser.add_argument("--only", default=[], nargs="+", choices=TRIALS, help="these alone")
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.format(archives=told.archives.resolve()) + RECIPES
    (told.folder / "luigi.cfg").write_text(settings, encoding="utf-8")
    wanted = [name for name in TRIALS if name in (told.only or TRIALS)]
    print_table(HEADER, rows_of(told.folder, wanted, told.seeds))


def rows_of(folder: Path, names: list[str], seeds: int) -> Iterator[tuple[object, ...]]:
    first_seconds: dict[str, float] = {}
    for name in names:
        trial = TRIALS[name]
        measured, models = zip(*(train(folder, trial, seed) for seed in range(seeds)), strict=True)
        of_seeds = [metrics["train_seconds"] * trial.stands_for for metrics in measured]
        seconds = sum(of_seeds) if trial.is_together else mean(of_seeds)
        share = seconds / first_seconds.setdefault(trial.dataset, seconds)
        accuracy = accuracy_together(folder, models) if trial.is_together else accuracy_of(measured)
        yield trial.dataset, f"`{name}`", seeds, measured[0]["epochs"], f"{seconds:.0f}", f"{share:.3f}", accuracy


def train(folder: Path, trial: Trial, seed: int) -> tuple[dict[str, Any], Path]:
    """Its metrics, and where its model is kept."""
    options = ["--dataset", trial.dataset, "--recipe", trial.recipe, "--TrainModel-seed", str(seed)]
    metrics = measure(folder, trial.dataset, trial.recipe, options)
    latest = folder / "workspace" / trial.dataset / "latest" / "runs" / trial.recipe / "train"
    return metrics, latest.resolve() / "model.keras"


def accuracy_together(folder: Path, models: Sequence[Path]) -> str:
    """Of the mean of what all say of all views."""
    from models.evaluation.prediction import predict

    pixels, labels = read_subset(folder / "workspace" / "cifar10" / "latest" / "pack", "test")
    said = np.mean([predict(model, pixels, "shifts") for model in models], axis=0)
    return f"{(said.argmax(axis=1) == labels).mean():.1%}"


def accuracy_of(measured: Sequence[dict[str, Any]]) -> str:
    accuracies = [metrics.get("accuracy_tta", metrics["accuracy"]) for metrics in measured]
    spread = f" (standard deviation {stdev(accuracies):.1%})" if len(accuracies) > 1 else ""
    return f"{mean(accuracies):.1%}{spread}"


if __name__ == "__main__":
    main()
