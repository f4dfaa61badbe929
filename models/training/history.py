"""The history of a training, a row for each epoch, and what it decides.

Writes history.csv, a row at a time while the training runs. The learning rate, the end and the best epoch follow from
the rows alone, so that a resumed training needs nothing else to decide the same.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.recipes.recipe import Recipe

CYCLE_RISE = 0.2  # the share of the steps in which the rate of one_cycle rises
PLATEAU_GAIN = 1e-4  # a fall of val_loss by more than this ends a plateau, as in Keras


class EpochRow(NamedTuple):
    """A row of history.csv."""

    epoch: int  # from 1
    loss: float
    accuracy: float
    val_loss: float  # nan where there is nothing to validate on
    val_accuracy: float
    learning_rate: float  # the highest of its steps


@contextmanager
def open_history(path: Path, rows: Sequence[EpochRow]) -> Iterator[Callable[[EpochRow], None]]:
    """Writes the rows so far; yields a function that adds one, which readers see at once."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")

        def add(row: EpochRow) -> None:
            writer.writerow(row)
            file.flush()

        writer.writerow(EpochRow._fields)
        writer.writerows(rows)
        file.flush()
        yield add


def next_learning_rates(recipe: Recipe, rows: Sequence[EpochRow], step_count: int) -> np.ndarray:
    """Returns the learning rate of each of the `step_count` steps of the next epoch."""
    steps, all_steps = np.arange(step_count) + len(rows) * step_count, recipe.epochs * step_count
    warmup_steps = recipe.warmup_epochs * step_count
    rates: np.ndarray = np.full(step_count, recipe.learning_rate)
    if recipe.schedule == "one_cycle":
        rates *= _one_cycle(steps + 0.5, all_steps)
    elif recipe.schedule == "cosine":
        rates *= 0.5 * (1 + np.cos(np.pi * np.maximum(steps - warmup_steps, 0) / (all_steps - warmup_steps)))
    elif recipe.schedule == "staircase":
        rates *= recipe.stair_factor ** (len(rows) // recipe.stair_epochs)
    else:
        rates[:] = rate_after_plateaus(recipe, rows)
    if warmup_steps:
        rates *= np.minimum(steps / warmup_steps, 1)
    return rates


def _one_cycle(steps: np.ndarray, all_steps: int) -> np.ndarray:
    """Returns the share of the highest rate at each step."""
    rise = CYCLE_RISE * all_steps
    shares: np.ndarray = np.minimum(steps / rise, (all_steps - steps) / (all_steps - rise))
    return shares


def rate_after_plateaus(recipe: Recipe, rows: Sequence[EpochRow]) -> float:
    """Returns the learning rate, lowered for every `plateau_patience` epochs in a row without a better val_loss."""
    learning_rate, best, waited = recipe.learning_rate, float("inf"), 0
    for row in rows:
        if row.val_loss + PLATEAU_GAIN < best:
            best, waited = row.val_loss, 0
        else:
            waited += 1
        if waited == recipe.plateau_patience > 0:
            learning_rate, waited = learning_rate * recipe.plateau_factor, 0
    return learning_rate


def is_over(recipe: Recipe, rows: Sequence[EpochRow]) -> bool:
    """Returns whether all epochs are done, or val_loss has not improved for `stop_patience` epochs."""
    if len(rows) == recipe.epochs:
        return True
    return 0 < recipe.stop_patience <= len(rows) - best_epoch(rows)


def best_epoch(rows: Sequence[EpochRow]) -> int:
    """Returns the first epoch with the lowest val_loss, or 0 if there is none yet."""
    return min(rows, key=lambda row: row.val_loss).epoch if rows else 0


def most_accurate_epoch(rows: Sequence[EpochRow]) -> int:
    """Returns the first epoch with the highest val_accuracy, or 0 if there is none yet."""
    return max(rows, key=lambda row: row.val_accuracy).epoch if rows else 0
