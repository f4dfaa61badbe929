"""What a report is made from: paths of finished results and plain values, nothing that is still alive."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Run:
    """One recipe trained on the dataset."""

    name: str
    parameters: dict[str, Any]  # the resolved recipe
    train_dir: Path  # history.csv, training.json
    evaluate_dir: Path  # metrics.json, per_class.csv, confusion.csv
    plots_dir: Path  # accuracy.png, loss.png, confusion.png, batch.png
    repeat_dirs: tuple[Path, ...] = ()  # metrics.json of the same recipe from further seeds


@dataclass(frozen=True)
class Page:
    """Everything one report tells."""

    dataset: str
    command: str
    index_dir: Path  # edits.csv, removed.csv, rejected.csv
    split_csv: Path
    duplicates_dir: Path  # duplicates.csv
    joined_csv: Path  # what the split moved to keep groups together
    pack_dir: Path
    runs: tuple[Run, ...]
    stages: tuple[dict[str, Any], ...]  # traces: stage, key, parameters, seconds, versions, made
    validated_on: Literal["val", "test"]
    suspects_csv: Path | None = None  # where the labels were audited
