"""All that a section of the page can ask for, each read from the files of a Page when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from datasets.pack import SUBSETS
from reports.content import Made, Page
from reports.facts.comparison import Comparison, read_comparison
from reports.facts.confusion import Confusions, read_confusions
from reports.facts.counts import ClassCounts, read_counts
from reports.facts.duplicates import Duplicates, read_duplicates
from reports.facts.explanation import Explanation, read_explanations
from reports.facts.layers import Layers, read_layers
from reports.facts.mistakes import Mistakes, read_mistakes
from reports.facts.model_card import ModelCard, read_model_card
from reports.facts.provenance import Graph, differing_options, draw_graph, machines, with_option
from reports.facts.results import Result, read_result
from reports.facts.since import Since
from reports.facts.suspects import Suspects, read_suspects
from reports.pictures.matrices import Matrix, embed_matrices
from reports.pictures.sheets import Sheet, read_sheets
from reports.tables import read_records
from reports.words import edits_sentence

OPTIONAL_SCORES = {
    "top5_accuracy": "Top 5",
    "accuracy_tta": "Averaged views",
    "calibration_error": "Calibration error",
}


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

    @cached_property
    def comparison(self) -> Comparison:
        """What all runs say together."""
        return read_comparison(self.content.comparison_dir, self.content.pack_dir)

    @property
    def optional_scores(self) -> dict[str, str]:
        """The headings of those scores that some run has."""
        measured = {score for result in self.results for score in result.metrics}
        return {score: heading for score, heading in OPTIONAL_SCORES.items() if score in measured}

    @cached_property
    def class_counts(self) -> list[ClassCounts]:
        return read_counts(self.content.data_dir / "counts.csv")

    @cached_property
    def sheets(self) -> list[Sheet]:
        return read_sheets(self.content.data_dir)

    @cached_property
    def edits(self) -> list[dict[str, str]]:
        return read_records(self.content.index_dir / "edits.csv")

    @property
    def edits_sentence(self) -> str:
        return edits_sentence(self.edits)

    @cached_property
    def removed(self) -> list[dict[str, str]]:
        return read_records(self.content.index_dir / "removed.csv")

    @cached_property
    def rejected(self) -> list[dict[str, str]]:
        return read_records(self.content.index_dir / "rejected.csv")

    @cached_property
    def duplicates(self) -> Duplicates:
        return read_duplicates(self.content.duplicates_dir, self.content.joined_csv, self.content.pack_dir)

    @cached_property
    def suspects(self) -> Suspects | None:
        """None where nobody looked for wrong labels."""
        suspects_csv = self.content.suspects_csv
        return read_suspects(suspects_csv, self.content.pack_dir) if suspects_csv else None

    @cached_property
    def mistakes(self) -> dict[str, Mistakes]:
        """Pictures that each run names wrong or hardly right, by its name."""
        evaluate_dirs = {run.name: run.evaluate_dir for run in self.content.runs}
        return read_mistakes(evaluate_dirs, self.content.pack_dir, self.content.mistakes)

    @cached_property
    def confusions(self) -> Confusions:
        """What each run takes for what, with pictures."""
        return read_confusions({run.name: run.evaluate_dir for run in self.content.runs}, self.content.pack_dir)

    @cached_property
    def matrices(self) -> dict[str, Matrix]:
        """Each run's confusion matrix as a picture, by its name."""
        return embed_matrices(self.content.runs)

    @cached_property
    def layers(self) -> dict[str, Layers]:
        """Of each run's network, by the run's name."""
        return {run.name: read_layers(run.explain_dir) for run in self.content.runs}

    @cached_property
    def explanations(self) -> dict[str, Explanation]:
        """What each run looks at, by its name."""
        return read_explanations(self.content.runs)

    @property
    def stages(self) -> tuple[Made, ...]:
        return self.content.stages

    @property
    def graph(self) -> Graph:
        return draw_graph(self.stages)

    @property
    def differing_options(self) -> dict[str, list[Any]]:
        return differing_options({run.name: run.parameters for run in self.content.runs})

    @property
    def machines(self) -> list[str]:
        return machines(self.stages)

    @property
    def model_cards(self) -> list[ModelCard]:
        return [read_model_card(run, self.content) for run in self.content.runs]

    @property
    def since(self) -> Since:
        """What changed since the last report."""
        return Since(self.content.since)

    def command_with(self, option: str, value: str) -> str:
        """The command of this report with an option set."""
        return with_option(self.content.command, option, value)

    @cached_property
    def versions(self) -> dict[str, list[str]]:
        """The versions of each library that took part; more than one where stages were made at different times."""
        versions: defaultdict[str, set[str]] = defaultdict(set)
        for stage in self.stages:
            for library, version in stage.trace["versions"].items():
                versions[library].add(version)
        return {library: sorted(versions[library]) for library in sorted(versions)}
