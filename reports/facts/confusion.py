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

from datasets.tables import read_rows
from reports.pictures.sprites import Sprites, draw_sprites
from reports.table_values import Confusion, read_confusion, read_records

MOST_OF_A_CELL = 24
MOST_CLASSES = 100  # of a whole matrix; a browser takes long for a table of more
CHOSEN_CLASSES = 60  # of a larger one
MOST_BYTES = 3_000_000  # of the page
BYTES_OVER_RUNS = 30_000_000  # divided among the runs; with ten or more, the rest of each run needs the room


@dataclass(frozen=True)
class Predictions:
    """Every test picture with its class, the class predicted for it, and the probability of that class."""

    paths: list[str]
    labels: np.ndarray  # int64 [n]
    predicted: np.ndarray  # int64 [n]
    probabilities: np.ndarray  # float32 [n]

    def only(self, here: np.ndarray) -> Predictions:
        """Returns those pictures for which `here` is true."""
        paths = [self.paths[place] for place in np.flatnonzero(here)]
        return Predictions(paths, self.labels[here], self.predicted[here], self.probabilities[here])


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
    matrices = {name: read_confusion(evaluate_dir / "confusion.csv") for name, evaluate_dir in evaluate_dirs.items()}
    chosen = {name: choose_classes(matrix.counts) for name, matrix in matrices.items()}
    in_cells = {name: _among(run, chosen[name]) for name, run in runs.items()}
    ranked = rank_pictures([(tested[name][here], runs[name].only(here)) for name, here in in_cells.items()])
    sprites = draw_sprites(pack_dir, ranked, min(MOST_BYTES, BYTES_OVER_RUNS // len(runs)))
    shown = ranked[: sprites.count if sprites else 0]
    return Confusions(
        sprites,
        [packed[place] for place in shown],
        {
            name: {
                **_count_cells(matrices[name], chosen[name]),
                **_judge_shown(shown, tested[name], run, chosen[name]),
            }
            for name, run in runs.items()
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


def choose_classes(counts: np.ndarray) -> np.ndarray:
    """Returns the labels of the classes to show: all, or of many those with the most mistakes, in their order."""
    wrong = counts.sum(axis=0) + counts.sum(axis=1) - 2 * counts.diagonal()
    most = MOST_CLASSES if len(counts) <= MOST_CLASSES else CHOSEN_CLASSES
    chosen: np.ndarray = np.sort(np.argsort(-wrong, kind="stable")[:most])
    return chosen


def _among(run: Predictions, labels: np.ndarray) -> np.ndarray:
    """Returns whether both classes of each picture are among these."""
    is_among: np.ndarray = np.isin(run.labels, labels) & np.isin(run.predicted, labels)
    return is_among


def _count_cells(confusion: Confusion, chosen: np.ndarray) -> dict[str, Any]:
    """Returns the chosen classes, and the row, column and count of each cell that is not empty, one after the other."""
    counts = confusion.counts[np.ix_(chosen, chosen)]
    rows, columns = counts.nonzero()
    cells = np.stack([rows, columns, counts[rows, columns]], axis=1)
    return {
        "classes": [confusion.classes[label] for label in chosen],
        "of": len(confusion.classes),
        "cells": cells.ravel().tolist(),
        "totals": confusion.counts.sum(axis=1)[chosen].tolist(),
    }


def _judge_shown(shown: np.ndarray, tested: np.ndarray, run: Predictions, chosen: np.ndarray) -> dict[str, Any]:
    """Returns the class of each picture of the sheet, the class that the run gives it, and the probability of that.

    Classes are given by their place among the chosen ones; -1 is any other class.
    """
    place_of = {label: place for place, label in enumerate(chosen.tolist())}
    rows_by_place = {place: row for row, place in enumerate(tested.tolist())}
    rows = [rows_by_place[place] for place in shown.tolist()]
    return {
        "labels": [place_of.get(label, -1) for label in run.labels[rows].tolist()],
        "predicted": [place_of.get(label, -1) for label in run.predicted[rows].tolist()],
        "per_mille": (run.probabilities[rows] * 1000).round().astype(int).tolist(),
    }


def read_predictions(evaluate_dir: Path) -> Predictions:
    """Returns the test pictures in the order of predictions.csv, read row by row: a thousand classes make it large."""
    paths: list[str] = []
    judged: list[tuple[int, int, float]] = []
    for path, label, predicted, *shares in read_rows(evaluate_dir / "predictions.csv"):
        paths.append(path)
        judged.append((int(label), int(predicted), float(shares[int(predicted)])))
    labels, named, probabilities = np.array(judged).reshape(-1, 3).T
    return Predictions(paths, labels.astype(np.int64), named.astype(np.int64), probabilities.astype(np.float32))
