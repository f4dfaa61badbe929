"""The history of a training: one row an epoch.

Writes history.csv, a row at a time while the training runs, and decides from the rows alone what comes next:
the learning rate, the end, the best epoch. So a resumed training needs nothing but its rows to decide alike.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from models.recipe import Recipe


class EpochRow(NamedTuple):
    epoch: int  # from 1
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float


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


def next_learning_rate(recipe: Recipe, rows: Sequence[EpochRow]) -> float:
    """The recipe's rate, lowered once for every plateau_patience epochs in a row without a better val_loss."""
    learning_rate, best, waited = recipe.learning_rate, float("inf"), 0
    for row in rows:
        waited = 0 if row.val_loss < best else waited + 1
        best = min(best, row.val_loss)
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
