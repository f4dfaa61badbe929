"""The tables behind a report, as values.

Reads history.csv (a row per epoch), confusion.csv (a row per true class, a column per predicted one; the first row
and the first column name the classes), split.csv, and any other CSV or JSON file as it stands. Writes nothing.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Confusion:
    """How many pictures of each true class (rows) were taken for each class (columns)."""

    classes: tuple[str, ...]
    counts: np.ndarray  # int64 [classes, classes]

    def shares(self) -> np.ndarray:
        """Every row divided by its sum; a class without pictures stays zero."""
        shares: np.ndarray = self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        return shares


def read_records(csv_path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by the names in its first line; file names need not be UTF-8."""
    with csv_path.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
        return list(csv.DictReader(lines))


def read_json(json_path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(json_path.read_text(encoding="utf-8"))
    return values


def read_history(history_csv: Path) -> DataFrame:
    """A training by epoch: loss, accuracy, val_loss, val_accuracy, learning_rate."""
    import pandas

    return pandas.read_csv(history_csv, index_col="epoch")


def read_confusion(confusion_csv: Path) -> Confusion:
    import pandas

    counts = pandas.read_csv(confusion_csv, index_col=0, keep_default_na=False)
    return Confusion(tuple(counts.columns), counts.to_numpy(np.int64))


def count_split(split_csv: Path) -> Counter[tuple[int, str]]:
    """How many pictures each (label, subset) has."""
    return Counter((int(row["label"]), row["subset"]) for row in read_records(split_csv))
