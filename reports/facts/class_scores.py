"""The scores of each class, and their averages. Reads per_class.csv and classification_report.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.spread import Estimate
from reports.table_values import read_records

SHARES = ("precision", "recall", "f1")
AVERAGED_ROWS = 3  # the last of classification_report.csv: accuracy, macro average, weighted average


@dataclass(frozen=True)
class ClassScore:
    """The scores of a class with 95 % intervals; None if there is nothing to count."""

    name: str
    count: int
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None


@dataclass(frozen=True)
class Average:
    """A row below the classes; the accuracy is in the column of F1, as in scikit-learn's report."""

    name: str
    count: int
    precision: float | None
    recall: float | None
    f1: float | None


def read_class_scores(evaluate_dir: Path) -> tuple[ClassScore, ...]:
    """Returns the scores of each class, in the order of the labels."""
    return tuple(
        ClassScore(row["class"], int(row["count"]), *(_read_share(row, share) for share in SHARES))
        for row in read_records(evaluate_dir / "per_class.csv")
    )


def read_averages(evaluate_dir: Path) -> tuple[Average, ...]:
    """Returns the rows below the classes: accuracy, macro average, weighted average."""
    rows = read_records(evaluate_dir / "classification_report.csv")[-AVERAGED_ROWS:]
    return tuple(Average(row["class"], int(row["count"]), *(_read(row[share]) for share in SHARES)) for row in rows)


def _read(cell: str) -> float | None:
    return float(cell) if cell else None


def _read_share(row: Mapping[str, str], name: str) -> Estimate | None:
    return Estimate(*(float(row[name + end]) for end in ("", "_low", "_high"))) if row[name] else None
