"""The tables that compare all runs: their figures, and the test pictures that every run names wrong.

Reads history.csv, training.json, metrics.json and mistakes.csv of every run; writes runs.csv and always_wrong.csv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import mean
from typing import Any

from datasets.tables import write_rows
from reports.spread import Estimate, spreads
from reports.table_values import read_history, read_json, read_judged

OF_ACCURACY = ("accuracy", "accuracy_low", "accuracy_high", "accuracy_tta", "top5_accuracy")
OF_DUPLICATES = (
    "accuracy_without_duplicates",
    "accuracy_without_duplicates_low",
    "accuracy_without_duplicates_high",
    "duplicate_count",
)
OF_METRICS = (*OF_ACCURACY, *OF_DUPLICATES, "loss", "f1_macro", "calibration_error")
OF_TRAINING = ("epochs", "best_epoch", "parameters", "train_seconds", "seed")
OF_SEEDS = ("seeds", "mean_accuracy", "accuracy_deviation", "lowest_accuracy", "highest_accuracy", "mean_train_seconds")
ALWAYS_WRONG_HEADER = ("path", "label", "runs", "mean_probability")  # the mean is that of its label
SAID = "said_"  # followed by the name of a run: the class that this run gives the picture
SEEDS_HEADER = ("run", "measure", "mean", "deviation", "lowest", "highest")
RUNS_HEADER = ("run", "predicts", *OF_METRICS, *OF_TRAINING, *OF_SEEDS)


@dataclass(frozen=True)
class ComparedRun:
    """A recipe trained on the data set, from one seed or several."""

    name: str
    predicts_superclasses: bool
    train_dir: Path
    evaluate_dir: Path
    repeat_dirs: tuple[Path, ...]  # metrics.json of further seeds

    @cached_property
    def metrics(self) -> list[dict[str, Any]]:
        """The metrics of every seed."""
        return [read_json(folder / "metrics.json") for folder in (self.evaluate_dir, *self.repeat_dirs)]

    @cached_property
    def training(self) -> dict[str, Any]:
        """The summary of the first training."""
        return read_json(self.train_dir / "training.json")

    @property
    def accuracy(self) -> Estimate:
        """The accuracy with its 95 % interval; for several seeds the mean with the lowest and the highest."""
        if spread := spreads(self.metrics).get("accuracy"):
            return Estimate(spread.mean, spread.lowest, spread.highest)
        return Estimate(*(self.metrics[0][name] for name in OF_ACCURACY[:3]))

    @property
    def train_seconds(self) -> float:
        """The mean seconds of one training."""
        of_repeats = (of_seed["train_seconds"] for of_seed in self.metrics[1:])
        return float(mean([self.training["train_seconds"], *of_repeats]))

    @cached_property
    def val_accuracies(self) -> list[float]:
        """The validation accuracy of each epoch."""
        return [float(accuracy) for accuracy in read_history(self.train_dir / "history.csv").val_accuracy]


def rank(runs: Sequence[ComparedRun]) -> list[ComparedRun]:
    """Returns the most accurate runs first; those that name superclasses, which is easier, come last."""
    return sorted(runs, key=lambda run: (run.predicts_superclasses, -run.accuracy.value))


def comparable(runs: Sequence[ComparedRun]) -> list[ComparedRun]:
    """Returns the runs that name the classes of the pictures, the most accurate first; all runs if none does."""
    return rank([run for run in runs if not run.predicts_superclasses] or runs)


def write_runs(runs: Sequence[ComparedRun], runs_csv: Path) -> None:
    """Writes runs.csv, a row for each run."""
    write_rows(runs_csv, RUNS_HEADER, map(_row_of, runs))


def write_seeds(runs: Sequence[ComparedRun], seeds_csv: Path) -> None:
    """Writes seeds.csv: mean, standard deviation, lowest and highest value of each run's measures over its seeds."""
    spread = [(run.name, measure, *over) for run in runs for measure, over in spreads(run.metrics).items()]
    write_rows(seeds_csv, SEEDS_HEADER, spread)


def _row_of(run: ComparedRun) -> list[object]:
    spread = spreads(run.metrics).get("accuracy")
    return [
        run.name,
        "superclasses" if run.predicts_superclasses else "classes",
        *(run.metrics[0].get(name, "") for name in OF_METRICS),
        *(run.training[name] for name in OF_TRAINING),
        len(run.metrics),
        *(spread or [""] * 4),
        run.train_seconds if spread else "",
    ]


def write_always_wrong(runs: Sequence[ComparedRun], always_wrong_csv: Path) -> None:
    """Writes the pictures that every run names wrong, those first whose own class has the least probability."""
    mistakes = [{row.path: row for row in read_judged(run.evaluate_dir / "mistakes.csv")} for run in runs]
    rows = []
    for path in sorted(set.intersection(*map(set, mistakes))):
        of_runs = [of_run[path] for of_run in mistakes]
        probability = mean(row.true_probability for row in of_runs)
        rows.append((path, of_runs[0].true, len(runs), probability, *(row.other for row in of_runs)))
    header = (*ALWAYS_WRONG_HEADER, *(f"{SAID}{run.name}" for run in runs))
    write_rows(always_wrong_csv, header, sorted(rows, key=lambda row: row[3]))
