"""The confusion matrices that the page's script builds, and the test pictures behind their cells.

Reads confusion.csv and predictions.csv of each run, and the pack; writes nothing. All runs share one sheet of pictures
of a fixed size. For each run the page holds the class that it gives each picture of the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reports.pictures.sprites import Sprites, draw_sprites
from reports.table_values import read_confusion, read_records

MOST_OF_A_CELL = 24
MOST_BYTES = 3_000_000  # of the page
BYTES_OVER_RUNS = 30_000_000  # divided among the runs; with ten or more, the rest of each run needs the room


@dataclass(frozen=True)
class Predictions:
    """Every test picture with its class, the class predicted for it, and the probability of that class."""

    paths: list[str]
    labels: np.ndarray  # int64 [n]
    predicted: np.ndarray  # int64 [n]
    probabilities: np.ndarray  # float32 [n]


@dataclass(frozen=True)
class Confusions:
    """The pictures shown, their paths, and the values that the script needs for each run."""

    sprites: Sprites | None  # None where the page has no room for a picture
    paths: list[str]
    by_run: dict[str, dict[str, Any]]


def read_confusions(evaluate_dirs: Mapping[str, Path], pack_dir: Path) -> Confusions:
    """Returns the matrices of all runs, and as many pictures as the page has room for."""
    runs = {name: read_predictions(evaluate_dir) for name, evaluate_dir in evaluate_dirs.items()}
    packed = [row["path"] for row in read_records(pack_dir / "pictures.csv")]
    places = {path: place for place, path in enumerate(packed)}
    tested = {name: np.array([places[path] for path in run.paths], np.int64) for name, run in runs.items()}
    ranked = rank_pictures([(tested[name], run) for name, run in runs.items()])
    sprites = draw_sprites(pack_dir, ranked, min(MOST_BYTES, BYTES_OVER_RUNS // len(runs)))
    shown = ranked[: sprites.count if sprites else 0]
    return Confusions(
        sprites,
        [packed[place] for place in shown],
        {
            name: {**_count_cells(evaluate_dir), **_judge_shown(shown, tested[name], runs[name])}
            for name, evaluate_dir in evaluate_dirs.items()
        },
    )


def rank_pictures(runs: Sequence[tuple[np.ndarray, Predictions]]) -> np.ndarray:
    """Returns the places of the pictures to show, each once: mistakes first, then right answers.

    Within both, the surest picture of every cell comes first, then the second of every cell, and so on. Cells with more
    pictures go first, so that the cells that matter have a picture even if few fit.
    """
    keys = [_rank_within_cells(run) for _, run in runs]
    is_right, rank, cell_size = np.concatenate(keys, axis=1)
    order = np.lexsort((-cell_size, rank, is_right))
    ranked = np.concatenate([tested for tested, _ in runs])[order[rank[order] < MOST_OF_A_CELL]]
    first_places = np.sort(np.unique(ranked, return_index=True)[1])
    places: np.ndarray = ranked[first_places]
    return places


def _rank_within_cells(run: Predictions) -> np.ndarray:
    """Returns for each picture whether it is right, the number of surer ones in its cell, and the size of the cell."""
    cells = run.labels * (run.predicted.max(initial=0) + 1) + run.predicted
    _, cell, sizes = np.unique(cells, return_inverse=True, return_counts=True)
    order = np.lexsort((-run.probabilities, cell))
    rank = np.empty(len(cell), np.int64)
    rank[order] = np.arange(len(cell)) - (np.cumsum(sizes) - sizes)[cell[order]]
    return np.stack([run.labels == run.predicted, rank, sizes[cell]])


def _count_cells(evaluate_dir: Path) -> dict[str, Any]:
    """Returns the classes, and the row, column and count of each cell that is not empty, one after the other."""
    confusion = read_confusion(evaluate_dir / "confusion.csv")
    rows, columns = confusion.counts.nonzero()
    cells = np.stack([rows, columns, confusion.counts[rows, columns]], axis=1)
    return {"classes": confusion.classes, "cells": cells.ravel().tolist()}


def _judge_shown(shown: np.ndarray, tested: np.ndarray, run: Predictions) -> dict[str, Any]:
    """Returns the class of each picture of the sheet, the class that the run gives it, and the probability of that."""
    rows_by_place = {place: row for row, place in enumerate(tested.tolist())}
    rows = [rows_by_place[place] for place in shown.tolist()]
    return {
        "labels": run.labels[rows].tolist(),
        "predicted": run.predicted[rows].tolist(),
        "per_mille": (run.probabilities[rows] * 1000).round().astype(int).tolist(),
    }


def read_predictions(evaluate_dir: Path) -> Predictions:
    """Returns the test pictures in the order of predictions.csv."""
    from pandas import read_csv

    table = read_csv(
        evaluate_dir / "predictions.csv",
        dtype={"path": str},
        keep_default_na=False,  # a picture may be called NA
        encoding_errors="surrogateescape",  # file names need not be UTF-8
    )
    first, last = table.columns.get_loc("predicted") + 1, table.columns.get_loc("loss")
    predicted = table["predicted"].to_numpy(np.int64)
    probabilities = table.iloc[:, first:last].to_numpy(np.float32)[np.arange(len(table)), predicted]
    return Predictions(list(table["path"]), table["label"].to_numpy(np.int64), predicted, probabilities)
