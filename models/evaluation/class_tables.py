"""Tabulates what a confusion matrix says about each class and each pair of classes.

Writes per_class.csv, classification_report.csv, confusion.csv (rows true, columns predicted) and confused.csv.
"""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.tables import write_rows
from models.evaluation import scores

SHARES = ("precision", "recall", "f1")
PER_CLASS = ("class", "count", *(f"{share}{end}" for share in SHARES for end in ("", "_low", "_high")))


def write_class_tables(folder: Path, classes: Sequence[str], confusion: np.ndarray) -> None:
    """Writes all four tables."""
    write_rows(folder / "per_class.csv", PER_CLASS, _score_rows(classes, confusion))
    write_rows(folder / "classification_report.csv", ("class", *SHARES, "count"), _report_rows(classes, confusion))
    counts = zip(classes, confusion.tolist(), strict=True)
    write_rows(folder / "confusion.csv", ("true", *classes), ([name, *row] for name, row in counts))
    write_rows(folder / "confused.csv", ("true", "predicted", "count", "share"), _pair_rows(classes, confusion))


def _score_rows(classes: Sequence[str], confusion: np.ndarray) -> Iterator[tuple[Any, ...]]:
    columns = (np.diagonal(confusion), confusion.sum(axis=1), confusion.sum(axis=0))
    for name, right, count, named in zip(classes, *(column.tolist() for column in columns), strict=True):
        precision, recall = scores.share_of(right, named), scores.share_of(right, count)
        yield name, count, *precision, *recall, *scores.f1_of(right, count + named - 2 * right)


def _report_rows(classes: Sequence[str], confusion: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """Yields the rows of scikit-learn's classification_report: one for each class, then three averages."""
    count, *shares = scores.score_classes(confusion)
    total, equally = int(count.sum()), np.ones(len(classes))
    for label, name in enumerate(classes):
        yield name, *(_cell(of_classes[label]) for of_classes in shares), int(count[label])
    yield "accuracy", None, None, int(np.trace(confusion)) / total, total
    yield "macro average", *(_cell(scores.average(of_classes, equally)) for of_classes in shares), total
    yield "weighted average", *(_cell(scores.average(of_classes, count)) for of_classes in shares), total


def _cell(share: float) -> float | None:
    return None if math.isnan(share) else float(share)


def _pair_rows(classes: Sequence[str], confusion: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """Yields every pair of classes that was confused, the most frequent first, with its share of the true class."""
    wrong = confusion - np.diag(np.diagonal(confusion))
    for place in np.argsort(-wrong, axis=None, kind="stable")[: np.count_nonzero(wrong)].tolist():
        true, predicted = divmod(place, len(classes))
        count = int(wrong[true, predicted])
        yield classes[true], classes[predicted], count, count / int(confusion[true].sum())
