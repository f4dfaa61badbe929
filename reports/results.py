"""What one run achieved, gathered from the files of its stages.

Reads training.json, history.csv, metrics.json, per_class.csv, confusion.csv and the three plots; writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.content import Run
from reports.pictures import Picture, embed_png
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
    """A run with its figures and pictures."""

    name: str
    parameters: dict[str, Any]
    training: dict[str, Any]
    metrics: dict[str, Any]
    classes: tuple[ClassScore, ...]
    mistakes: tuple[Mistake, ...]
    accuracy_curve: Picture
    loss_curve: Picture
    confusion: Picture


def read_result(run: Run) -> Result:
    history = read_history(run.train_dir / "history.csv")
    confusion = read_confusion(run.evaluate_dir / "confusion.csv")
    mistakes = tuple(confusion.worst_mistakes(LISTED_MISTAKES))

    def plot(name: str, alt: str) -> Picture:
        return embed_png((run.plots_dir / name).read_bytes(), f"{run.name}: {alt}")

    return Result(
        name=run.name,
        parameters=run.parameters,
        training=read_json(run.train_dir / "training.json"),
        metrics=read_json(run.evaluate_dir / "metrics.json"),
        classes=tuple(
            ClassScore(row["class"], int(row["count"]), float(row["precision"]), float(row["recall"]), float(row["f1"]))
            for row in read_rows(run.evaluate_dir / "per_class.csv")
        ),
        mistakes=mistakes,
        accuracy_curve=plot("accuracy.png", _describe_accuracy(history)),
        loss_curve=plot("loss.png", _describe_loss(history)),
        confusion=plot("confusion.png", _describe_confusion(confusion)),
    )


def _describe_accuracy(history: DataFrame) -> str:
    training, validation = percent(history.accuracy.iat[-1]), percent(history.val_accuracy.iat[-1])
    return f"accuracy per epoch; training ends at {training}, validation at {validation}"


def _describe_loss(history: DataFrame) -> str:
    return f"loss per epoch; training ends at {history.loss.iat[-1]:.3f}, validation at {history.val_loss.iat[-1]:.3f}"


def _describe_confusion(confusion: Confusion) -> str:
    right, total = int(confusion.counts.trace()), int(confusion.counts.sum())
    return f"confusion matrix of {len(confusion.classes)} classes; {right:,} of {total:,} pictures are on the diagonal"
