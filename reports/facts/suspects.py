"""Pictures whose label is probably wrong, as the page shows them. Reads suspects.csv and the pack; writes no file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.pack import gather
from reports.pictures.sheets import Picture, draw_thumbnail
from reports.tables import read_records

MOST_SHOWN = 48


@dataclass(frozen=True)
class Suspect:
    """One picture with its label, the one it may deserve, and the command that gives it that."""

    path: str
    subset: str
    label: str
    suggested: str
    score: float  # the share of probability that the label did not get
    command: str
    picture: Picture


@dataclass(frozen=True)
class Suspects:
    """The most suspicious pictures, and how many there are in all."""

    count: int
    shown: list[Suspect]


def read_suspects(suspects_csv: Path, pack_dir: Path) -> Suspects:
    """The first of suspects.csv with their pictures."""
    rows = read_records(suspects_csv)
    positions = {row["path"]: position for position, row in enumerate(read_records(pack_dir / "pictures.csv"))}
    shown = rows[:MOST_SHOWN]
    pixels = gather(pack_dir, "pixels", np.array([positions[row["path"]] for row in shown], np.int64))
    return Suspects(
        len(rows),
        [
            Suspect(
                row["path"],
                row["subset"],
                row["label"],
                row["suggested"],
                float(row["score"]),
                row["command"],
                draw_thumbnail(picture, f"{row['path']}, labelled {row['label']}"),
            )
            for row, picture in zip(shown, pixels, strict=True)
        ],
    )
