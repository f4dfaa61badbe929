"""The section `All runs together`: the figures of all runs in a table, and how several runs compare.

Reads curves.png, accuracy_by_seconds.png, accuracy_by_parameters.png, always_wrong.csv and comparison.json, which are
there for several runs only, and the pack.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from datasets.pack import gather, read_column
from reports.content import Page
from reports.facts.compared_runs import SAID
from reports.pictures.embedded import EmbeddedPicture, draw_thumbnail, embed_png
from reports.section import Section, Template, fill
from reports.table_values import read_json, read_records

MOST_SHOWN = 24
SHOWN_SIDE = 48  # pixels at most, shown twice as large: the section has to stay small in the page
PLOTS = {
    "curves": "validation accuracy of all runs by epoch",
    "accuracy_by_seconds": "accuracy of all runs against the seconds of their training",
    "accuracy_by_parameters": "accuracy of all runs against the number of their parameters",
}


@dataclass(frozen=True)
class AlwaysWrong:
    """A test picture that no run names right."""

    path: str
    label: str
    probability: float  # the mean over all runs of its label's probability
    said: dict[str, list[str]]  # the classes that runs take it for, with these runs; the most frequent first
    picture: EmbeddedPicture


@dataclass(frozen=True)
class RunComparison:
    """The comparison of several runs; None and empty for a single run."""

    plots: dict[str, EmbeddedPicture]
    difference: dict[str, Any] | None  # between the best run and the runner-up
    always_wrong: list[AlwaysWrong]  # those that are shown
    always_wrong_count: int


class AllRuns(Section):
    """The table of runs, the test of the best two, the curves, and the pictures that every run gets wrong."""

    title = "All runs together"

    def render(self, page: Page) -> Template:
        """Returns the runs beside each other."""
        return fill("all_runs.html", comparison=read_run_comparison(page.comparison_dir, page.pack_dir))


def read_run_comparison(comparison_dir: Path, pack_dir: Path) -> RunComparison:
    """Returns how several runs compare."""
    files = {name: comparison_dir / f"{name}.png" for name in PLOTS}
    plots = {name: embed_png(file.read_bytes(), PLOTS[name]) for name, file in files.items() if file.exists()}
    if not (comparison_dir / "comparison.json").exists():
        return RunComparison(plots, None, [], 0)
    rows = read_records(comparison_dir / "always_wrong.csv")
    difference = read_json(comparison_dir / "comparison.json")
    return RunComparison(plots, difference, _show(rows[:MOST_SHOWN], pack_dir), len(rows))


def _show(rows: list[dict[str, str]], pack_dir: Path) -> list[AlwaysWrong]:
    places = {path: place for place, path in enumerate(read_column(pack_dir, "path"))}
    pictures = gather(pack_dir, "pixels", np.array([places[row["path"]] for row in rows], np.int64))
    return [
        AlwaysWrong(
            row["path"],
            row["label"],
            float(row["mean_probability"]),
            _said_by_class(row),
            draw_thumbnail(pixels, f"{row['path']}, labelled {row['label']}", SHOWN_SIDE),
        )
        for row, pixels in zip(rows, pictures, strict=True)
    ]


def _said_by_class(row: dict[str, str]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for column, predicted in row.items():
        if column.startswith(SAID):
            said.setdefault(predicted, []).append(column.removeprefix(SAID))
    return dict(sorted(said.items(), key=lambda by_class: -len(by_class[1])))
