"""The history of a training: one row an epoch.

Writes history.csv, a row at a time while the training runs, and decides from the rows alone what comes next:
the learning rate, the end, the best epoch. So a resumed training needs nothing but its rows to decide alike.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.recipes.recipe import Recipe

CYCLE_RISE = 0.2  # share of all steps in which the one cycle rises
PLATEAU_GAIN = 1e-4  # val_loss has to fall by more to end a plateau: Keras's own, on which authors count


class EpochRow(NamedTuple):
    epoch: int  # from 1
    loss: float
    accuracy: float
    val_loss: float  # nan where there is nothing to validate on
    val_accuracy: float
    learning_rate: float  # the highest of its steps


@contextmanager
def growing_csv(path: Path, rows: Sequence[EpochRow]) -> Iterator[Callable[[EpochRow], None]]:
    """Write the rows so far, then give a function that adds one and lets readers see it at once."""
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
    """The learning rate of each step of the next epoch, in which there are step_count."""
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
        rates[:] = next_learning_rate(recipe, rows)
    if warmup_steps:
        rates *= np.minimum(steps / warmup_steps, 1)
    return rates


def _one_cycle(steps: np.ndarray, all_steps: int) -> np.ndarray:
    """The share of the highest rate at each step."""
    rise = CYCLE_RISE * all_steps
    shares: np.ndarray = np.minimum(steps / rise, (all_steps - steps) / (all_steps - rise))
    return shares


def next_learning_rate(recipe: Recipe, rows: Sequence[EpochRow]) -> float:
    """The recipe's rate, lowered once for every plateau_patience epochs in a row without a better val_loss."""
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
    """Whether all epochs are done, or val_loss has not improved for stop_patience epochs."""
    if len(rows) == recipe.epochs:
        return True
    return 0 < recipe.stop_patience <= len(rows) - best_epoch(rows)


def best_epoch(rows: Sequence[EpochRow]) -> int:
    """The epoch of the lowest val_loss, the earliest of equals; 0 before the first."""
    return min(rows, key=lambda row: row.val_loss).epoch if rows else 0


def most_accurate_epoch(rows: Sequence[EpochRow]) -> int:
    """The epoch of the highest val_accuracy, the earliest of equals; 0 before the first."""
    return max(rows, key=lambda row: row.val_accuracy).epoch if rows else 0
