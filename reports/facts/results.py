"""What one run achieved, gathered from the files of its stages.

Reads training.json, history.csv, metrics.json, per_class.csv, confusion.csv and the three plots; writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.content import Run
from reports.pictures.sheets import Picture, embed_png
from reports.spread import Spread, spreads
from reports.tables import Confusion, Mistake, read_confusion, read_history, read_json, read_rows
from reports.words import percent

if TYPE_CHECKING:
    from pandas import DataFrame


LISTED_MISTAKES = 3


@dataclass(frozen=True)
class ClassScore:
    """How well one class is found among the test pictures."""

    name: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Result:
    """A run with its figures and pictures: those of its first seed, but for the spreads."""

    name: str
    parameters: dict[str, Any]
    training: dict[str, Any]
    metrics: dict[str, Any]
    seeds: tuple[int, ...]
    spreads: dict[str, Spread]  # of several seeds
    classes: tuple[ClassScore, ...]
    mistakes: tuple[Mistake, ...]
    accuracy_curve: Picture
    loss_curve: Picture
    confusion: Picture
    batch: Picture

    @property
    def accuracy(self) -> float:
        """By which runs are ranked: the mean of all seeds."""
        return self.spreads["accuracy"].mean if self.spreads else float(self.metrics["accuracy"])

    @property
    def predicts_superclasses(self) -> bool:
        """Whether its figures are of fewer classes than the pictures have."""
        return self.parameters.get("predict") == "coarse"


def read_result(run: Run) -> Result:
    history = read_history(run.train_dir / "history.csv")
    confusion = read_confusion(run.evaluate_dir / "confusion.csv")
    mistakes = tuple(confusion.worst_mistakes(LISTED_MISTAKES))
    metrics = [read_json(folder / "metrics.json") for folder in (run.evaluate_dir, *run.repeat_dirs)]

    def plot(name: str, alt: str) -> Picture:
        return embed_png((run.plots_dir / name).read_bytes(), f"{run.name}: {alt}")

    return Result(
        name=run.name,
        parameters=run.parameters,
        training=read_json(run.train_dir / "training.json"),
        metrics=metrics[0],
        seeds=tuple(of_seed["seed"] for of_seed in metrics),
        spreads=spreads(metrics),
        classes=tuple(
            ClassScore(row["class"], int(row["count"]), float(row["precision"]), float(row["recall"]), float(row["f1"]))
            for row in read_rows(run.evaluate_dir / "per_class.csv")
        ),
        mistakes=mistakes,
        accuracy_curve=plot("accuracy.png", _describe_accuracy(history)),
        loss_curve=plot("loss.png", _describe_loss(history)),
        confusion=plot("confusion.png", _describe_confusion(confusion)),
        batch=plot("batch.png", "pictures as they are stored and, to the right of each, as the training is shown them"),
    )


def _describe_accuracy(history: DataFrame) -> str:
    training, validation = percent(history.accuracy.iat[-1]), percent(history.val_accuracy.iat[-1])
    return f"accuracy per epoch; training ends at {training}, validation at {validation}"


def _describe_loss(history: DataFrame) -> str:
    return f"loss per epoch; training ends at {history.loss.iat[-1]:.3f}, validation at {history.val_loss.iat[-1]:.3f}"


def _describe_confusion(confusion: Confusion) -> str:
    right, total = int(confusion.counts.trace()), int(confusion.counts.sum())
    return f"confusion matrix of {len(confusion.classes)} classes; {right:,} of {total:,} pictures are on the diagonal"
