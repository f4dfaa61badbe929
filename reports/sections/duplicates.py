"""The section `Pictures that show the same`. Reads duplicates.csv, joined.csv and the pack."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from datasets.pack import gather, read_column
from reports.content import Page
from reports.pictures.embedded import EmbeddedPicture, draw_thumbnail
from reports.section import Section, Template, fill
from reports.table_values import read_records

MOST_GROUPS = 24
MOST_OF_A_GROUP = 8


@dataclass(frozen=True)
class DuplicateGroup:
    """The rows of duplicates.csv that belong together, by path."""

    rows: list[dict[str, str]]

    @property
    def classes(self) -> list[str]:
        """The classes of its pictures."""
        return sorted({row["class"] for row in self.rows})

    @property
    def is_across(self) -> bool:
        """Tells whether it has pictures in both train and test."""
        return len({row["subset"] for row in self.rows}) > 1

    @property
    def distance(self) -> float:
        """The distance between its two nearest pictures."""
        return min(float(row["distance"]) for row in self.rows)

    @property
    def closeness(self) -> str:
        """The distance in words."""
        return "exact" if any(row["kind"] == "exact" for row in self.rows) else f"distance {self.distance:.2f}"

    def suspicion(self) -> tuple[bool, bool, float]:
        """Returns what sorts groups: those with two labels first, then leaks, then the most alike."""
        return len(self.classes) == 1, not self.is_across, self.distance


@dataclass(frozen=True)
class Duplicates:
    """The groups that were found, and the most suspicious of them with pictures."""

    groups: list[DuplicateGroup]
    kinds: Counter[str]  # the number of pictures of each kind: exact and near
    shown: list[tuple[DuplicateGroup, list[EmbeddedPicture]]]
    joined: list[dict[str, str]]

    @property
    def doubtful(self) -> int:
        """The number of groups with more than one class."""
        return sum(len(group.classes) > 1 for group in self.groups)

    @property
    def across(self) -> int:
        """The number of groups in train and test."""
        return sum(group.is_across for group in self.groups)


class DuplicatePictures(Section):
    """The groups of duplicates, and the accuracy without the test pictures among them."""

    title = "Pictures that show the same"
    chapter = "The data"

    def render(self, page: Page) -> Template:
        """Returns the groups, the most suspicious first."""
        return fill("duplicates.html", duplicates=read_duplicates(page.duplicates_dir, page.joined_csv, page.pack_dir))


def read_duplicates(duplicates_dir: Path, joined_csv: Path, pack_dir: Path) -> Duplicates:
    """Returns all groups, the most suspicious with their pictures."""
    rows = read_records(duplicates_dir / "duplicates.csv")
    groups = [DuplicateGroup(list(members)) for _, members in groupby(rows, key=lambda row: row["group"])]
    shown = sorted(groups, key=DuplicateGroup.suspicion)[:MOST_GROUPS]
    return Duplicates(
        groups, Counter(row["kind"] for row in rows), _with_pictures(shown, pack_dir), read_records(joined_csv)
    )


def _with_pictures(groups: list[DuplicateGroup], pack_dir: Path) -> list[tuple[DuplicateGroup, list[EmbeddedPicture]]]:
    places = {path: place for place, path in enumerate(read_column(pack_dir, "path"))} if groups else {}
    drawn = []
    for group in groups:
        rows = group.rows[:MOST_OF_A_GROUP]
        pixels = gather(pack_dir, "pixels", np.array([places[row["path"]] for row in rows], np.int64))
        alts = [f"{row['class']}, in {row['subset']}: {row['path']}" for row in rows]
        drawn.append((group, [draw_thumbnail(picture, alt) for picture, alt in zip(pixels, alts, strict=True)]))
    return drawn
