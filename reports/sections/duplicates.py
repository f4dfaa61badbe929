"""The section `Pictures that show the same`. Reads what the search wrote, joined.csv and the pack."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from datasets.duplicates.near_facts import NearFacts, read_facts
from datasets.pack import gather, read_column
from reports.content import Page
from reports.facts.near_duplicates import many_alike_sentence
from reports.pictures.embedded import EmbeddedPicture, draw_thumbnail
from reports.section import Section, Template, fill
from reports.table_values import read_records

MOST_GROUPS = 24
MOST_OF_A_GROUP = 8
MOST_UNCOUNTED = 8


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
    """The groups that were found, the most suspicious of them with pictures, and what is alike but does not count."""

    groups: list[DuplicateGroup]
    kinds: Counter[str]  # the number of pictures of each kind: exact and near
    shown: list[tuple[DuplicateGroup, list[EmbeddedPicture]]]
    joined: list[dict[str, str]]
    facts: NearFacts
    uncounted: list[tuple[DuplicateGroup, list[EmbeddedPicture]]]

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
        duplicates = read_duplicates(page.duplicates_dir, page.joined_csv, page.pack_dir)
        facts = duplicates.facts
        many_alike = many_alike_sentence(facts, page.dataset) if facts.are_many_alike else ""
        return fill("duplicates.html", duplicates=duplicates, many_alike=many_alike)


def read_duplicates(duplicates_dir: Path, joined_csv: Path, pack_dir: Path) -> Duplicates:
    """Returns all groups, the most suspicious with their pictures."""
    groups = _read_groups(duplicates_dir / "duplicates.csv")
    facts, uncounted_csv = read_facts(duplicates_dir), duplicates_dir / "uncounted.csv"
    uncounted = _read_groups(uncounted_csv) if facts.are_many_alike else []
    return Duplicates(
        groups,
        Counter(row["kind"] for group in groups for row in group.rows),
        _with_pictures(sorted(groups, key=DuplicateGroup.suspicion)[:MOST_GROUPS], pack_dir),
        read_records(joined_csv),
        facts,
        _with_pictures(sorted(uncounted, key=DuplicateGroup.suspicion)[:MOST_UNCOUNTED], pack_dir),
    )


def _read_groups(table_csv: Path) -> list[DuplicateGroup]:
    return [DuplicateGroup(list(rows)) for _, rows in groupby(read_records(table_csv), key=lambda row: row["group"])]


def _with_pictures(groups: list[DuplicateGroup], pack_dir: Path) -> list[tuple[DuplicateGroup, list[EmbeddedPicture]]]:
    places = {path: place for place, path in enumerate(read_column(pack_dir, "path"))} if groups else {}
    drawn = []
    for group in groups:
        rows = group.rows[:MOST_OF_A_GROUP]
        pixels = gather(pack_dir, "pixels", np.array([places[row["path"]] for row in rows], np.int64))
        alts = [f"{row['class']}, in {row['subset']}: {row['path']}" for row in rows]
        drawn.append((group, [draw_thumbnail(picture, alt) for picture, alt in zip(pixels, alts, strict=True)]))
    return drawn
