"""Measures what recipes reach: test accuracy and seconds of whole trainings, each by the command that a user types.

    python benchmarks/recipe_scores.py FOLDER ARCHIVES [--dataset cifar10] [--seeds 1] RECIPE[:EPOCHS] ...

FOLDER keeps the workspace: a second call finds what the first has trained, and goes on where it was stopped. ARCHIVES
holds CIFAR's archives. The data set `flowers` is the five flower classes of CIFAR-100.
"""

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from measuring import luigi, print_table

HEADER = ("recipe", "command", "seeds", "epochs", "seconds a training", "test accuracy")
SETTINGS = """\
[cifar]
archives = {archives}

[dataset:flowers]
source = cifar100
classes = orchid, poppy, rose, sunflower, tulip
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("archives", type=Path)
    parser.add_argument("recipes", nargs="+", metavar="RECIPE[:EPOCHS]")
    parser.add_argument("--dataset", default="cifar10")
    parser.add_argument("--seeds", default=1, type=int)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    (given.folder / "luigi.cfg").write_text(SETTINGS.format(archives=given.archives.resolve()), encoding="utf-8")
    print_table(HEADER, (row_of(given.folder, given.dataset, name, given.seeds) for name in given.recipes))


def row_of(folder: Path, dataset: str, name: str, seeds: int) -> tuple[object, ...]:
    recipe, _, epochs = name.partition(":")
    options = ["--dataset", dataset, "--recipe", recipe, *(["--TrainModel-epochs", epochs] if epochs else [])]
    measured = [measure(folder, dataset, recipe, [*options, "--TrainModel-seed", str(seed)]) for seed in range(seeds)]
    command = shlex.join(["luigi", *luigi("EvaluateModel", *options)[3:]])
    if seeds > 1:
        command += f" --TrainModel-seed SEED, 0 to {seeds - 1}"
    seconds = mean(metrics["train_seconds"] for metrics in measured)
    return f"`{recipe}`", f"`{command}`", seeds, measured[0]["epochs"], f"{seconds:.0f}", accuracy_of(measured)


def measure(folder: Path, dataset: str, recipe: str, options: list[str]) -> dict[str, Any]:
    """Returns the metrics of one training, done unless it is there; its lines for each epoch go to the terminal."""
    subprocess.run(luigi("EvaluateModel", *options), cwd=folder, stdout=sys.stderr, check=True)
    metrics_json = folder / "workspace" / dataset / "latest" / "runs" / recipe / "evaluate" / "metrics.json"
    metrics: dict[str, Any] = json.loads(metrics_json.read_text(encoding="utf-8"))
    return metrics


def accuracy_of(measured: list[dict[str, Any]]) -> str:
    accuracies = [metrics["accuracy"] for metrics in measured]
    if len(measured) > 1:
        return f"{mean(accuracies):.1%} (standard deviation {stdev(accuracies):.1%})"
    return "{accuracy:.1%} ({accuracy_low:.1%} to {accuracy_high:.1%})".format(**measured[0])


if __name__ == "__main__":
    main()
