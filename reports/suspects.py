"""Pictures whose label is probably wrong, as the page shows them. Reads suspects.csv and the pack; writes no file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from datasets.packed import gather
from reports.pictures import CSS_DPI, Picture, embed_png
from reports.tables import read_rows

MOST_SHOWN = 48
LONGEST_SIDE = 96  # of a thumbnail; smaller pictures are enlarged to about this by whole steps


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
    rows = read_rows(suspects_csv)
    positions = {row["path"]: position for position, row in enumerate(read_rows(pack_dir / "pictures.csv"))}
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
                _draw(picture, f"{row['path']}, labelled {row['label']}"),
            )
            for row, picture in zip(shown, pixels, strict=True)
        ],
    )


def _draw(pixels: np.ndarray, alt: str) -> Picture:
    thumbnail = Image.fromarray(pixels)
    thumbnail.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    dpi = CSS_DPI / max(LONGEST_SIDE // max(thumbnail.size), 1)
    png = io.BytesIO()
    thumbnail.save(png, format="PNG", optimize=True, dpi=(dpi, dpi))
    return embed_png(png.getvalue(), alt)
