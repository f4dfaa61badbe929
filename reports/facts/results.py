"""The figures and plots of one run, gathered from the files of its stages.

Reads training.json, history.csv, metrics.json, the tables of the evaluation and the plots; writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.facts.calibration import Calibration, read_calibration
from reports.facts.class_scores import Average, ClassScore, read_averages, read_class_scores
from reports.facts.guessing import guessing_in_words
from reports.facts.learning import Learning, read_learning
from reports.pictures.embedded import EmbeddedPicture, embed_png
from reports.spread import Spread, spreads
from reports.table_values import read_history, read_json
from reports.words import percent

if TYPE_CHECKING:
    from pandas import DataFrame

    from reports.content import Run


@dataclass(frozen=True)
class RunResult:
    """A run with its figures and plots, which are those of its first seed; the spreads are over all seeds."""

    name: str
    parameters: dict[str, Any]
    training: dict[str, Any]
    metrics: dict[str, Any]
    seeds: tuple[int, ...]
    spreads: dict[str, Spread]  # by measure; empty for a single seed
    classes: tuple[ClassScore, ...]
    averages: tuple[Average, ...]
    calibration: Calibration
    guessing: str  # empty if it is better than guessing
    learning: Learning
    accuracy_curve: EmbeddedPicture
    loss_curve: EmbeddedPicture
    reliability: EmbeddedPicture
    batch: EmbeddedPicture

    @property
    def accuracy(self) -> float:
        """The accuracy by which runs are ranked: the mean of all seeds."""
        return self.spreads["accuracy"].mean if self.spreads else float(self.metrics["accuracy"])

    @property
    def predicts_superclasses(self) -> bool:
        """Tells whether its figures are for superclasses, which are fewer than the classes of the pictures."""
        return self.parameters.get("predict") == "coarse"


def read_run_result(run: Run) -> RunResult:
    """Returns everything that the page shows of a run's training and evaluation."""
    history, calibration = read_history(run.train_dir / "history.csv"), read_calibration(run.evaluate_dir)
    classes = read_class_scores(run.evaluate_dir)
    metrics = [read_json(folder / "metrics.json") for folder in (run.evaluate_dir, *run.repeat_dirs)]

    def plot(name: str, alt: str) -> EmbeddedPicture:
        return embed_png((run.plots_dir / name).read_bytes(), f"{run.name}: {alt}")

    return RunResult(
        name=run.name,
        parameters=run.parameters,
        training=read_json(run.train_dir / "training.json"),
        metrics=metrics[0],
        seeds=tuple(of_seed["seed"] for of_seed in metrics),
        spreads=spreads(metrics),
        classes=classes,
        averages=read_averages(run.evaluate_dir),
        calibration=calibration,
        guessing=(guessing := guessing_in_words(metrics[0], classes)),
        learning=read_learning(run.train_dir / "history.csv", run.parameters, guessing),
        accuracy_curve=plot("accuracy.png", _describe_accuracy(history)),
        loss_curve=plot("loss.png", _describe_loss(history)),
        reliability=plot("reliability.png", _describe_reliability(calibration)),
        batch=plot("batch.png", "pictures as they are stored and, to the right of each, as the training sees them"),
    )


def _describe_accuracy(history: DataFrame) -> str:
    training, validation = percent(history.accuracy.iat[-1]), percent(history.val_accuracy.iat[-1])
    return f"accuracy per epoch; training ends at {training}, validation at {validation}"


def _describe_loss(history: DataFrame) -> str:
    return f"loss per epoch; training ends at {history.loss.iat[-1]:.3f}, validation at {history.val_loss.iat[-1]:.3f}"


def _describe_reliability(calibration: Calibration) -> str:
    return f"its accuracy by how sure it is; calibration error {percent(calibration.error)}"
