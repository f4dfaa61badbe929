"""The material of a report: paths of finished results, plain values, and the figures of the runs."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from datasets.tables import read_files, read_index
from reports.facts.results import RunResult, read_run_result

OPTIONAL_SCORES = {
    "top5_accuracy": "Top 5",
    "accuracy_tta": "Averaged views",
    "calibration_error": "Calibration error",
}


@dataclass(frozen=True)
class Run:
    """A recipe trained on the data set."""

    name: str
    parameters: dict[str, Any]  # the resolved recipe
    train_dir: Path  # history.csv, training.json
    evaluate_dir: Path  # metrics.json, confusion.csv and the other tables of the test pictures
    plots_dir: Path  # accuracy.png, loss.png, confusion.png, reliability.png, batch.png, gradcam.png, channels/
    explain_dir: Path  # layers.csv, explained.csv, activations.csv
    repeat_dirs: tuple[Path, ...] = ()  # metrics.json of the same recipe from further seeds


@dataclass(frozen=True)
class StageRecord:
    """A result that the report depends on, and how it was made."""

    name: str  # the name of its stage, as `TrainModel plain`
    reads: tuple[str, ...]  # the names of the results it was made from
    is_new: bool  # made by the command that made the report, and not found again
    trace: dict[str, Any]  # stage, key, parameters, seconds, versions, made, machine


@dataclass(frozen=True)
class Page:
    """The page that a section belongs to, with everything it can show."""

    dataset: str
    command: str
    index_dir: Path  # index.csv, edits.csv, removed.csv, rejected.csv
    data_dir: Path  # counts.csv, sheets.csv, page/
    duplicates_dir: Path  # duplicates.csv
    joined_csv: Path  # what the split moved to keep groups together
    pack_dir: Path  # pictures.csv, classes.txt and the arrays
    comparison_dir: Path  # with several runs: curves.png, accuracy_by_*.png, always_wrong.csv, comparison.json
    runs: tuple[Run, ...]
    stages: tuple[StageRecord, ...]
    validated_on: Literal["val", "test"]
    source: str  # where the pictures come from, as `cifar10`
    since: dict[str, Any] = field(default_factory=lambda: {"compared": "first"})  # what changed since the last report
    suspects_csv: Path | None = None  # None if no labels were audited
    images_dir: Path = Path("images")  # the folders of the pictures
    files_csv: Path | None = None  # the file in the source of each exported picture, where it has one
    mistakes: int = 10  # shown for each run: so many mistakes, and as many doubtful right answers

    @cached_property
    def own_names(self) -> dict[str, str]:
        """The name that each picture has in the source, by its path; none where the source has no files."""
        files = {row.number: row.file for row in read_files(self.files_csv)} if self.files_csv else {}
        index = read_index(self.index_dir / "index.csv") if files else []
        return {row.path: files[row.number] for row in index if row.number in files}

    def full_path(self, path: str) -> str:
        """Returns where a picture lies, from the folder in which the command was typed."""
        return f"{self.images_dir}/{path}"

    @cached_property
    def results(self) -> list[RunResult]:
        """The figures and plots of each run, read when they are first asked for."""
        return [read_run_result(run) for run in self.runs]

    @property
    def comparable(self) -> list[RunResult]:
        """The runs that name the classes of the pictures; all runs if none does."""
        return [result for result in self.results if not result.predicts_superclasses] or self.results

    @property
    def best(self) -> RunResult:
        """The most accurate of the comparable runs."""
        return max(self.comparable, key=lambda result: result.accuracy)

    @property
    def optional_scores(self) -> dict[str, str]:
        """The headings of those scores that at least one run has."""
        measured = {score for result in self.results for score in result.metrics}
        return {score: heading for score, heading in OPTIONAL_SCORES.items() if score in measured}

    def command_with(self, option: str, value: str) -> str:
        """Returns the command of this report with an option set to another value."""
        kept: list[str] = []
        words = iter(shlex.split(self.command))
        for word in words:
            if word == option:
                next(words, None)
            elif not word.startswith(f"{option}="):
                kept.append(word)
        return shlex.join([*kept, option, value])
