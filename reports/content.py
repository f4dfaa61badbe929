"""What a report is made from: paths of finished results and plain values, nothing that is still alive."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Run:
    """One recipe trained on the dataset."""

    name: str
    parameters: dict[str, Any]  # the resolved recipe
    train_dir: Path  # history.csv, training.json
    evaluate_dir: Path  # metrics.json, confusion.csv and the other tables of the test pictures
    plots_dir: Path  # accuracy.png, loss.png, confusion.png, reliability.png, batch.png, gradcam.png, channels/
    explain_dir: Path  # layers.csv, explained.csv, activations.csv
    repeat_dirs: tuple[Path, ...] = ()  # metrics.json of the same recipe from further seeds


@dataclass(frozen=True)
class Made:
    """One result that the report rests on."""

    name: str  # of its stage, as `TrainModel plain`
    reads: tuple[str, ...]  # the names of those it was made from
    is_new: bool  # made by the command that made the report, and not found again
    trace: dict[str, Any]  # stage, key, parameters, seconds, versions, made, machine


@dataclass(frozen=True)
class Page:
    """Everything one report tells."""

    dataset: str
    command: str
    index_dir: Path  # edits.csv, removed.csv, rejected.csv
    data_dir: Path  # counts.csv, sheets.csv, page/
    duplicates_dir: Path  # duplicates.csv
    joined_csv: Path  # what the split moved to keep groups together
    pack_dir: Path
    comparison_dir: Path  # of several runs: curves.png, accuracy_by_*.png, always_wrong.csv, comparison.json
    runs: tuple[Run, ...]
    stages: tuple[Made, ...]
    validated_on: Literal["val", "test"]
    source: str  # of the pictures, as `cifar10`
    since: dict[str, Any] = field(default_factory=lambda: {"compared": "first"})  # what changed since the last report
    suspects_csv: Path | None = None  # where the labels were audited
    mistakes: int = 10  # of each run, how many of the worst are shown, and of the most doubtful right ones
