"""How well each class is found, and all of them on average. Reads per_class.csv and classification_report.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.tables import read_records

SHARES = ("precision", "recall", "f1")
AVERAGED_ROWS = 3  # the last of classification_report.csv: accuracy, macro average, weighted average


@dataclass(frozen=True)
class Share:
    """A counted share with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ClassScore:
    """One class among the test pictures; None for a share of nothing."""

    name: str
    count: int
    precision: Share | None
    recall: Share | None
    f1: Share | None


@dataclass(frozen=True)
class Average:
    """A row below the classes; its accuracy stands where F1 does, as scikit-learn has it."""

    name: str
    count: int
    precision: float | None
    recall: float | None
    f1: float | None


def read_class_scores(evaluate_dir: Path) -> tuple[ClassScore, ...]:
    return tuple(
        ClassScore(row["class"], int(row["count"]), *(_read_share(row, share) for share in SHARES))
        for row in read_records(evaluate_dir / "per_class.csv")
    )


def read_averages(evaluate_dir: Path) -> tuple[Average, ...]:
    rows = read_records(evaluate_dir / "classification_report.csv")[-AVERAGED_ROWS:]
    return tuple(Average(row["class"], int(row["count"]), *(_read(row[share]) for share in SHARES)) for row in rows)


def _read(cell: str) -> float | None:
    return float(cell) if cell else None


def _read_share(row: Mapping[str, str], name: str) -> Share | None:
    return Share(*(float(row[name + end]) for end in ("", "_low", "_high"))) if row[name] else None
