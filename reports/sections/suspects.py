"""The section `Labels to look at`: pictures whose label is probably wrong. Reads suspects.csv, audit.json and
the pack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.fold_skill import FoldSkill, read_skill
from datasets.pack import gather, read_column
from reports.content import Page
from reports.facts.fold_skill import skill_sentence
from reports.pictures.embedded import EmbeddedPicture, draw_thumbnail
from reports.section import Section, Template, fill
from reports.table_values import read_records

MOST_SHOWN = 48


@dataclass(frozen=True)
class Suspect:
    """A picture with its label, the label it probably deserves, and the command that moves it there."""

    path: str
    subset: str
    label: str
    suggested: str
    score: float  # the share of probability that the label did not get
    command: str
    picture: EmbeddedPicture


@dataclass(frozen=True)
class Suspects:
    """The most suspicious pictures, and the number of all suspects."""

    count: int
    shown: list[Suspect]
    skill: FoldSkill | None  # None where an older version audited


class DoubtfulLabels(Section):
    """The pictures to look at, or how to have labels checked if that was not done."""

    title = "Labels to look at"
    chapter = "The data"

    def render(self, page: Page) -> Template:
        """Returns the most suspicious pictures, each with its command."""
        suspects = read_suspects(page.suspects_csv, page.pack_dir) if page.suspects_csv else None
        skill = skill_sentence(suspects.skill) if suspects and suspects.skill else ""
        return fill("suspects.html", suspects=suspects, skill=skill)


def read_suspects(suspects_csv: Path, pack_dir: Path) -> Suspects:
    """Returns the first of suspects.csv with their pictures."""
    rows = read_records(suspects_csv)
    positions = {path: position for position, path in enumerate(read_column(pack_dir, "path"))}
    shown = rows[:MOST_SHOWN]
    pixels = gather(pack_dir, "pixels", np.array([positions[row["path"]] for row in shown], np.int64))
    suspects = [
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
    ]
    return Suspects(len(rows), suspects, read_skill(suspects_csv.parent))
