"""The confusion matrices as the page's script builds them, and the test pictures behind their cells.

Reads confusion.csv and predictions.csv of each run, and the pack; writes nothing. All runs show their pictures out of
one sheet of a fixed size, so each is given which of the sheet's pictures it takes for what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reports.facts.predictions import Predictions, read_predictions
from reports.pictures.sprites import Sprites, draw_sprites
from reports.tables import read_confusion, read_records

MOST_OF_A_CELL = 24
MOST_BYTES = 3_000_000  # of the page
BYTES_OVER_RUNS = 30_000_000  # divided by the runs: from ten on, what else each has needs the room


@dataclass(frozen=True)
class Confusions:
    """The pictures shown, their paths, and what the script is told of each run."""

    sprites: Sprites | None  # None where no picture is affordable
    paths: list[str]
    by_run: dict[str, dict[str, Any]]


def read_confusions(evaluate_dirs: Mapping[str, Path], pack_dir: Path) -> Confusions:
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
    """The places worth showing, each once: mistakes before right ones, the surest of every cell, then the next surest.

    Cells with more pictures go first, so that where few are affordable, those cells that matter have one.
    """
    keys = [_rank_within_cells(run) for _, run in runs]
    is_right, rank, cell_size = np.concatenate(keys, axis=1)
    order = np.lexsort((-cell_size, rank, is_right))
    ranked = np.concatenate([tested for tested, _ in runs])[order[rank[order] < MOST_OF_A_CELL]]
    first_places = np.sort(np.unique(ranked, return_index=True)[1])
    places: np.ndarray = ranked[first_places]
    return places


def _rank_within_cells(run: Predictions) -> np.ndarray:
    """For each picture whether it is right, how many of its cell are surer, and how many its cell has."""
    cells = run.labels * (run.predicted.max(initial=0) + 1) + run.predicted
    _, cell, sizes = np.unique(cells, return_inverse=True, return_counts=True)
    order = np.lexsort((-run.probabilities, cell))
    rank = np.empty(len(cell), np.int64)
    rank[order] = np.arange(len(cell)) - (np.cumsum(sizes) - sizes)[cell[order]]
    return np.stack([run.labels == run.predicted, rank, sizes[cell]])


def _count_cells(evaluate_dir: Path) -> dict[str, Any]:
    """The classes, and row, column and count of each cell that is not empty, one after the other."""
    confusion = read_confusion(evaluate_dir / "confusion.csv")
    rows, columns = confusion.counts.nonzero()
    cells = np.stack([rows, columns, confusion.counts[rows, columns]], axis=1)
    return {"classes": confusion.classes, "cells": cells.ravel().tolist()}


def _judge_shown(shown: np.ndarray, tested: np.ndarray, run: Predictions) -> dict[str, Any]:
    """Of every picture in the sheet its class, what the run takes it for, and how sure it is."""
    rows_by_place = {place: row for row, place in enumerate(tested.tolist())}
    rows = [rows_by_place[place] for place in shown.tolist()]
    return {
        "labels": run.labels[rows].tolist(),
        "predicted": run.predicted[rows].tolist(),
        "per_mille": (run.probabilities[rows] * 1000).round().astype(int).tolist(),
    }
