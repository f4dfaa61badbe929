"""A training by epoch, from history.csv and the options of its recipe. Writes nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from reports.table_values import read_history
from reports.words import percent

COLUMNS = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
WINDOW_EPOCHS = 3  # losses are averaged over so many epochs, since single epochs jump


@dataclass(frozen=True)
class Epochs:
    """The losses and accuracies of each epoch, counted from 1, and the options of the recipe."""

    loss: np.ndarray
    accuracy: np.ndarray
    val_loss: np.ndarray
    val_accuracy: np.ndarray
    learning_rate: np.ndarray
    options: Mapping[str, Any]

    @property
    def count(self) -> int:
        """The number of epochs that were trained."""
        return len(self.loss)

    @property
    def planned(self) -> int:
        """The number of epochs that the recipe asked for."""
        is_fine_tuned = self.has("backbone") and self.has("unfreeze")
        return int(self.options.get("unfreeze_epochs" if is_fine_tuned else "epochs", self.count))

    def has(self, option: str) -> bool:
        """Returns whether the recipe uses an option."""
        return bool(np.any(self.options.get(option, 0)))

    @cached_property
    def is_validated(self) -> bool:
        """Tells whether every epoch has a validation loss."""
        return not np.isnan(self.val_loss).any()

    @cached_property
    def best(self) -> int:
        """The epoch of the lowest validation loss, the first of equals, as in training.json."""
        return int(np.argmin(self.val_loss)) + 1

    @cached_property
    def most_accurate(self) -> int:
        """The epoch of the highest validation accuracy, the first of equals."""
        return int(np.argmax(self.val_accuracy)) + 1

    @property
    def window(self) -> int:
        """The number of epochs over which losses are averaged."""
        return max(1, min(WINDOW_EPOCHS, self.count // 2))

    def mean_to(self, epoch: int, values: np.ndarray) -> float:
        """Returns the mean over the window that ends with an epoch."""
        return float(values[epoch - self.window : epoch].mean())

    @property
    def gap(self) -> float:
        """The training accuracy less the validation accuracy, at the end."""
        return self.mean_to(self.count, self.accuracy) - self.mean_to(self.count, self.val_accuracy)

    @property
    def tested(self) -> int:
        """The epoch whose weights were tested: the best where the recipe could stop early, else the last."""
        return self.best if self.has("stop_patience") and self.is_validated else self.count

    @property
    def averaged(self) -> int:
        """The number of last epochs whose mean weights were tested instead; 0 if no mean was tested."""
        if self.has("stop_patience") or not self.has("swa"):
            return 0
        return max(1, math.ceil(round(float(self.options["swa"]) * self.planned, 6)))

    @property
    def tested_in_words(self) -> str:
        """The weights that were tested, in words."""
        if self.averaged:
            return f"the mean of the weights after each of the last {self.averaged} epochs"
        weights = "the moving average of the weights" if self.has("ema") else "the weights"
        return f"{weights} after {'that best epoch' if self.tested == self.best else 'the last epoch'}, {self.tested}"


def read_epochs(history_csv: Path, options: Mapping[str, Any]) -> Epochs:
    """Returns a training by epoch."""
    history = read_history(history_csv)
    return Epochs(options=options, **{column: history[column].to_numpy(float) for column in COLUMNS})


def best_in_words(epochs: Epochs) -> str:
    """Returns a sentence on the best epoch by loss and by accuracy, and one on the weights that were tested."""
    best, accurate = epochs.best, epochs.most_accurate
    its_accuracy, highest = (percent(epochs.val_accuracy[epoch - 1]) for epoch in (best, accurate))
    lowest = f"Best epoch: {best}, with the lowest validation loss, {epochs.val_loss[best - 1]:.3f}"
    if best == accurate:
        lowest += f", and the highest validation accuracy, {highest}"
    else:
        lowest += f", and a validation accuracy of {its_accuracy}; the highest, {highest}, was in epoch {accurate}"
    return f"{lowest}. The tested model has {epochs.tested_in_words}."
