"""Measures how hard the sample is: the test accuracy of its recipes over several seeds, and the gain over the first.

    python benchmarks/sample_difficulty.py [--recipes plain,dropout,augmented] [--seeds 5] [--folder DIR] [--threads 1]

Trains each recipe with seeds 0, 1, 2, … on the sample as it is painted now, 20 pictures a class kept back to validate;
prints a table. With --folder the trainings are kept, and the same call later goes on from there.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import tempfile
from pathlib import Path
from statistics import mean, stdev

import numpy as np

from datasets.arrays import Arrays
from datasets.sources.sample.sample_source import paint_sample
from datasets.tables import LEAKS_HEADER, write_rows
from models.evaluation.evaluate import evaluate
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.training.train import train

VAL_PER_CLASS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", default="plain,dropout,augmented", type=lambda names: names.split(","))
    parser.add_argument("--seeds", default=5, type=int, help="trainings of each recipe, at least 2")
    parser.add_argument("--folder", type=Path, help="where to keep the trainings")
    parser.add_argument("--threads", help="threads that TensorFlow computes with")
    options = parser.parse_args()
    if options.threads:
        os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = options.threads
    with tempfile.TemporaryDirectory() as temporary:
        sample = paint_sample()
        digest = hashlib.sha256(np.asarray(sample.pixels).tobytes() + sample.labels.tobytes()).hexdigest()
        folder = (options.folder or Path(temporary)) / digest[:12]
        write_pack(sample, folder / "pack")
        compare([resolve(name, {}, {}) for name in options.recipes], options.seeds, folder)


def compare(recipes: list[Recipe], seed_count: int, folder: Path) -> None:
    print(f"{'test accuracy, %':18}{'mean':>7}{'stdev':>7}{'min':>7}{'max':>7}{'added':>7}{'seconds':>9}")
    first_mean = None
    for recipe in recipes:
        measured = [measure(dataclasses.replace(recipe, seed=seed), folder) for seed in range(seed_count)]
        accuracies = [100 * metrics["accuracy"] for metrics in measured]
        first_mean = first_mean or mean(accuracies)
        columns = (mean(accuracies), stdev(accuracies), min(accuracies), max(accuracies), mean(accuracies) - first_mean)
        seconds = mean(metrics["train_seconds"] for metrics in measured)
        print(f"{recipe.name:18}{''.join(f'{column:7.1f}' for column in columns)}{seconds:9.1f}", flush=True)


def measure(recipe: Recipe, folder: Path) -> dict[str, float]:
    """Returns the metrics of one training, which is done unless it is there."""
    settings = hashlib.sha256(repr(recipe).encode()).hexdigest()[:12]
    run = folder / f"{recipe.name}-{recipe.seed}-{settings}"
    if not (run / "metrics.json").exists():
        run.mkdir(parents=True, exist_ok=True)
        train(recipe, folder / "pack", run, "val", say=lambda line: None)
        evaluate(run / "model.keras", folder / "pack", run / "training.json", folder / "pack" / "leaks.csv", run)
    metrics: dict[str, float] = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    return metrics


def write_pack(sample: Arrays, pack_dir: Path) -> None:
    """Writes the sample as training reads it; the last pictures of every class validate."""
    pack_dir.mkdir(parents=True, exist_ok=True)
    training = np.arange(len(sample.labels)) < sample.train_count
    by_class = [np.flatnonzero(training & (sample.labels == label)) for label in range(len(sample.classes))]
    validating = np.isin(np.arange(len(sample.labels)), [numbers[-VAL_PER_CLASS:] for numbers in by_class])
    rows = []
    for subset, members in (("train", training & ~validating), ("val", validating), ("test", ~training)):
        np.save(pack_dir / f"{subset}_pixels.npy", np.asarray(sample.pixels)[members])
        np.save(pack_dir / f"{subset}_labels.npy", sample.labels[members].astype(np.int32))
        rows += [(str(number), int(sample.labels[number]), subset) for number in np.flatnonzero(members)]
    write_rows(pack_dir / "pictures.csv", ("path", "label", "subset"), rows)
    write_rows(pack_dir / "leaks.csv", LEAKS_HEADER, ())
    (pack_dir / "classes.txt").write_text("".join(f"{name}\n" for name in sample.classes), encoding="utf-8")


if __name__ == "__main__":
    main()
