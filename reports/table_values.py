"""The tables behind a report, as values.

Reads history.csv (a row per epoch), confusion.csv (a row per true class, a column per predicted one; the first row
and the first column name the classes), mistakes.csv, doubtful.csv, split.csv, and any other CSV or JSON file as it
stands. Writes counts.csv.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from datasets.pack import SUBSETS, read_classes
from datasets.tables import read_named_rows, read_rows, write_rows

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class ClassCounts:
    """The number of pictures that a class has in each subset, and in all subsets."""

    name: str
    by_subset: dict[str, int]
    total: int


@dataclass(frozen=True)
class Confusion:
    """The number of pictures of each true class (rows) that were taken for each class (columns)."""

    classes: tuple[str, ...]
    counts: np.ndarray  # int64 [classes, classes]

    def shares(self) -> np.ndarray:
        """Returns every row divided by its sum; the row of a class without pictures stays zero."""
        shares: np.ndarray = self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        return shares

    def in_blocks(self, most: int) -> np.ndarray:
        """Returns the shares in at most so many rows and columns; of more classes, neighbours are summed."""
        step = -(-len(self.classes) // most)
        starts = np.arange(0, len(self.classes), step)
        counts = np.add.reduceat(np.add.reduceat(self.counts, starts, axis=0), starts, axis=1)
        return Confusion(tuple(self.classes[start] for start in starts), counts).shares()


class JudgedRow(NamedTuple):
    """A test picture with its class and the most probable of the others: the predicted one where it is a mistake."""

    path: str
    true: str
    other: str
    true_probability: float
    other_probability: float


def read_judged(judged_csv: Path) -> list[JudgedRow]:
    """Returns the rows of mistakes.csv or doubtful.csv, in their order."""
    return [
        JudgedRow(path, true, other, float(of_true), float(of_other))
        for path, true, other, of_true, of_other in read_rows(judged_csv)
    ]


def read_records(csv_path: Path) -> list[dict[str, str]]:
    """Returns the rows of a CSV file by the names in its first line; file names need not be UTF-8."""
    return list(read_named_rows(csv_path))


def read_json(json_path: Path) -> dict[str, Any]:
    """Returns the object that a JSON file holds."""
    values: dict[str, Any] = json.loads(json_path.read_text(encoding="utf-8"))
    return values


def read_history(history_csv: Path) -> DataFrame:
    """Returns a training by epoch: loss, accuracy, val_loss, val_accuracy, learning_rate."""
    import pandas

    return pandas.read_csv(history_csv, index_col="epoch")


def read_confusion(confusion_csv: Path) -> Confusion:
    """Returns a confusion matrix with the names of its classes."""
    rows = list(read_rows(confusion_csv))
    classes = tuple(name for name, *_ in rows)
    return Confusion(classes, np.array([counts for _, *counts in rows], np.int64))


def write_counts(split_csv: Path, pack_dir: Path, counts_csv: Path) -> None:
    """Writes counts.csv (class,train,val,test,all): how many pictures each class has, a row for each label."""
    counts = Counter((int(row["label"]), row["subset"]) for row in read_records(split_csv))
    rows = []
    for label, name in enumerate(read_classes(pack_dir)):
        of_class = [counts[label, subset] for subset in SUBSETS]
        rows.append((name, *of_class, sum(of_class)))
    write_rows(counts_csv, ("class", *SUBSETS, "all"), rows)


def read_counts(counts_csv: Path) -> list[ClassCounts]:
    """Returns the counts of each class, in the order of the labels."""
    return [
        ClassCounts(row["class"], {subset: int(row[subset]) for subset in SUBSETS}, int(row["all"]))
        for row in read_records(counts_csv)
    ]
