"""The section `How it was made`: the command, the graph of stages, the recipes side by side, the machines.

Reads no file; writes stages.csv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

from datasets.tables import write_rows
from reports.content import Page, StageRecord
from reports.section import Section, Template, fill

LAST = "FullReport"
ROW_HEIGHT, RAIL_X, WIDTH = 46, 84, 350  # in CSS pixels; lines begin and end at the rail
BULGE, MOST_BULGE = 22, 100  # how far a line bends for each stage that it passes, and at most


class Provenance(Section):
    """The facts that are needed to make the report again."""

    title = "How it was made"

    def render(self, page: Page) -> Template:
        """Returns the command, the stages, the options and the versions."""
        return fill(
            "provenance.html",
            graph=draw_graph(page.stages),
            differing_options=differing_options({run.name: run.parameters for run in page.runs}),
            machines=machines(page.stages),
            versions=versions(page.stages),
        )


def write_stages(stages: Sequence[StageRecord], stages_csv: Path) -> None:
    """Writes stages.csv (stage,key,made,seconds), a row for each result."""
    rows = [[stage.name, stage.trace["key"], stage.trace["made"], stage.trace["seconds"]] for stage in stages]
    write_rows(stages_csv, ("stage", "key", "made", "seconds"), rows)


@dataclass(frozen=True)
class StageKind:
    """The results of one kind of stage, such as all trainings."""

    name: str
    results: tuple[StageRecord, ...]
    y: int  # in the drawing

    @property
    def seconds(self) -> float:
        """The seconds that all of them took."""
        return sum(float(stage.trace["seconds"]) for stage in self.results)

    @property
    def new_count(self) -> int:
        """The number of results made by this command."""
        return sum(stage.is_new for stage in self.results)


class GraphLine(NamedTuple):
    """A line from a kind of stage to one that reads it."""

    source: str
    reader: str
    path: str  # as SVG draws it


@dataclass(frozen=True)
class StageGraph:
    """The kinds of stages below each other, in the order in which they could run, and what reads what."""

    kinds: list[StageKind]
    lines: list[GraphLine]
    width: int = WIDTH

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return ROW_HEIGHT * len(self.kinds)

    @property
    def in_words(self) -> str:
        """The lines of the graph as a sentence, for those who cannot see it."""
        reads: dict[str, list[str]] = {}
        for line in self.lines:
            reads.setdefault(line.reader, []).append(line.source)
        return "; ".join(f"{reader} reads {' and '.join(sources)}" for reader, sources in reads.items())


def draw_graph(stages: Sequence[StageRecord]) -> StageGraph:
    """Returns the graph of all stages, the report last."""
    of_kind: dict[str, list[StageRecord]] = {}
    for stage in stages:
        of_kind.setdefault(stage.trace["stage"], []).append(stage)
    kind_of = {stage.name: stage.trace["stage"] for stage in stages}
    reads = {
        kind: {kind_of[name] for stage in results for name in stage.reads if name in kind_of} - {kind}
        for kind, results in of_kind.items()
    }
    reads[LAST] = set(of_kind)
    order = list(TopologicalSorter({kind: sorted(sources) for kind, sources in reads.items()}).static_order())
    middles = {kind: ROW_HEIGHT * place + ROW_HEIGHT // 2 for place, kind in enumerate(order)}
    kinds = [StageKind(kind, tuple(of_kind.get(kind, ())), middles[kind]) for kind in order]
    pairs = sorted(_direct(reads), key=lambda pair: (middles[pair[1]], middles[pair[0]]))
    lines = [GraphLine(source, reader, _curve(middles[source], middles[reader])) for source, reader in pairs]
    return StageGraph(kinds, lines)


def _direct(reads: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yields each source with its reader, except sources that the reader also reaches through another source."""

    def reached(kind: str) -> set[str]:
        return {kind}.union(*(reached(source) for source in reads[kind]))

    for reader, sources in reads.items():
        for source in sources:
            if not any(source in reached(other) for other in sources if other != source):
                yield source, reader


def _curve(top: int, bottom: int) -> str:
    passed = (bottom - top) // ROW_HEIGHT - 1
    x = RAIL_X - min(BULGE * passed, MOST_BULGE)
    return f"M{RAIL_X} {top}C{x} {top} {x} {bottom} {RAIL_X} {bottom}"


def differing_options(recipes: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Returns the options that differ between recipes, each with its value in every recipe."""
    names = dict.fromkeys(name for options in recipes.values() for name in options)
    values = {name: [options.get(name) for options in recipes.values()] for name in names}
    return {name: of_each for name, of_each in values.items() if any(value != of_each[0] for value in of_each)}


def machines(stages: Iterable[StageRecord]) -> list[str]:
    """Returns each machine that made a result, in words; results of older versions do not name it."""
    noted = (stage.trace["machine"] for stage in stages if "machine" in stage.trace)
    return sorted({f"{of['system']}, {of['processor']}, {of['cores']} cores" for of in noted})


def versions(stages: Iterable[StageRecord]) -> dict[str, list[str]]:
    """Returns the versions of each library that was used; several if stages were made at different times."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for stage in stages:
        for library, version in stage.trace["versions"].items():
            found[library].add(version)
    return {library: sorted(found[library]) for library in sorted(found)}
