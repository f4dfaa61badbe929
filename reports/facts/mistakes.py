"""The test pictures that say most about a run: its surest mistakes and its least sure right answers.

Reads mistakes.csv, doubtful.csv and confused.csv of each run, and the pack; writes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.pack import gather
from datasets.tables import read_split
from reports.pictures.embedded import THUMBNAIL_SIDE, EmbeddedPicture, draw_thumbnail
from reports.table_values import JudgedRow, read_judged, read_records

PIXELS_BUDGET_BYTES = 1_300_000  # uncompressed, over all runs; the worst case, pure noise, takes 1.8 MB of the page


@dataclass(frozen=True)
class JudgedPicture:
    """A test picture, its class, and the most probable of the other classes."""

    path: str
    true: str
    other: str
    true_probability: float
    other_probability: float
    picture: EmbeddedPicture


@dataclass(frozen=True)
class Mistakes:
    """The first of a run's mistakes, doubtful right answers and confused classes, and the number of each."""

    worst: list[JudgedPicture]
    wrong_count: int
    doubtful: list[JudgedPicture]
    right_count: int
    pairs: list[dict[str, str]]  # rows of confused.csv
    pair_count: int


def read_mistakes(evaluate_dirs: Mapping[str, Path], pack_dir: Path, limit: int) -> dict[str, Mistakes]:
    """Returns the mistakes of each run, at most `limit` of a kind."""
    places = {row.path: place for place, row in enumerate(read_split(pack_dir / "pictures.csv"))}
    side = min(THUMBNAIL_SIDE, math.isqrt(PIXELS_BUDGET_BYTES // (3 * 2 * limit * len(evaluate_dirs))))

    def judge(rows: list[JudgedRow]) -> list[JudgedPicture]:
        pictures = gather(pack_dir, "pixels", np.array([places[row.path] for row in rows], np.int64))
        return [
            JudgedPicture(*row, draw_thumbnail(pixels, f"{row.true}: {row.path}", side))
            for row, pixels in zip(rows, pictures, strict=True)
        ]

    def read(evaluate_dir: Path) -> Mistakes:
        wrong, right = (read_judged(evaluate_dir / name) for name in ("mistakes.csv", "doubtful.csv"))
        pairs = read_records(evaluate_dir / "confused.csv")
        return Mistakes(judge(wrong[:limit]), len(wrong), judge(right[:limit]), len(right), pairs[:limit], len(pairs))

    return {run: read(evaluate_dir) for run, evaluate_dir in evaluate_dirs.items()}
