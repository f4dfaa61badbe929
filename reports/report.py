"""All that a section of the page can ask for, each read from the files of a Page when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from datasets.packed import SUBSETS
from reports.content import Page
from reports.facts.counts import ClassCounts, count_classes
from reports.facts.duplicates import Duplicates, read_duplicates
from reports.facts.results import Result, read_result
from reports.facts.suspects import Suspects, read_suspects
from reports.pictures.sheets import Sheet, draw_sheets
from reports.tables import read_rows
from reports.words import edits_sentence

OPTIONAL_SCORES = {"top5_accuracy": "Top 5", "accuracy_tta": "Averaged views"}


class Report:
    """What is known of a data set and the runs on it."""

    subsets = SUBSETS

    def __init__(self, content: Page) -> None:
        self.content = content

    @cached_property
    def results(self) -> list[Result]:
        return [read_result(run) for run in self.content.runs]

    @property
    def comparable(self) -> list[Result]:
        """The runs that name the classes the pictures have; where none does, all."""
        return [result for result in self.results if not result.predicts_superclasses] or self.results

    @property
    def best(self) -> Result:
        return max(self.comparable, key=lambda result: result.accuracy)

    @property
    def optional_scores(self) -> dict[str, str]:
        """The headings of those scores that some run has."""
        measured = {score for result in self.results for score in result.metrics}
        return {score: heading for score, heading in OPTIONAL_SCORES.items() if score in measured}

    @cached_property
    def class_counts(self) -> list[ClassCounts]:
        return count_classes(self.content.split_csv, self.content.pack_dir)

    @cached_property
    def sheets(self) -> list[Sheet]:
        return draw_sheets(self.content.pack_dir)

    @cached_property
    def edits(self) -> list[dict[str, str]]:
        return read_rows(self.content.index_dir / "edits.csv")

    @property
    def edits_sentence(self) -> str:
        return edits_sentence(self.edits)

    @cached_property
    def removed(self) -> list[dict[str, str]]:
        return read_rows(self.content.index_dir / "removed.csv")

    @cached_property
    def rejected(self) -> list[dict[str, str]]:
        return read_rows(self.content.index_dir / "rejected.csv")

    @cached_property
    def duplicates(self) -> Duplicates:
        return read_duplicates(self.content.duplicates_dir, self.content.joined_csv, self.content.pack_dir)

    @cached_property
    def suspects(self) -> Suspects | None:
        """None where nobody looked for wrong labels."""
        suspects_csv = self.content.suspects_csv
        return read_suspects(suspects_csv, self.content.pack_dir) if suspects_csv else None

    @property
    def stages(self) -> tuple[dict[str, Any], ...]:
        return self.content.stages

    @cached_property
    def versions(self) -> dict[str, list[str]]:
        """The versions of each library that took part; more than one where stages were made at different times."""
        versions: defaultdict[str, set[str]] = defaultdict(set)
        for stage in self.stages:
            for library, version in stage["versions"].items():
                versions[library].add(version)
        return {library: sorted(versions[library]) for library in sorted(versions)}
