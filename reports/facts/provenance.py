"""How a report was made: the graph of its stages, the recipes side by side, the machines.

Reads no file; writes stages.csv.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

from datasets.tables import write_rows
from reports.content import Made

LAST = "FullReport"
ROW_HEIGHT, RAIL_X, WIDTH = 46, 84, 350  # of the drawing, in CSS pixels; the rail is where lines begin and end
BULGE, MOST_BULGE = 22, 100  # of a line that passes other stages, for each of them and at most


def write_stages(stages: Sequence[Made], stages_csv: Path) -> None:
    rows = [[made.name, made.trace["key"], made.trace["made"], made.trace["seconds"]] for made in stages]
    write_rows(stages_csv, ("stage", "key", "made", "seconds"), rows)


@dataclass(frozen=True)
class Kind:
    """All results of one kind of stage, such as the trainings."""

    name: str
    results: tuple[Made, ...]
    y: int  # in the drawing

    @property
    def seconds(self) -> float:
        return sum(float(made.trace["seconds"]) for made in self.results)

    @property
    def new_count(self) -> int:
        return sum(made.is_new for made in self.results)


class Line(NamedTuple):
    """From a kind of stage to one that reads it."""

    source: str
    reader: str
    path: str  # as SVG draws it


@dataclass(frozen=True)
class Graph:
    """The kinds of stages below each other, in the order in which they could run, and what reads what."""

    kinds: list[Kind]
    lines: list[Line]
    width: int = WIDTH

    @property
    def height(self) -> int:
        return ROW_HEIGHT * len(self.kinds)

    @property
    def in_words(self) -> str:
        reads: dict[str, list[str]] = {}
        for line in self.lines:
            reads.setdefault(line.reader, []).append(line.source)
        return "; ".join(f"{reader} reads {' and '.join(sources)}" for reader, sources in reads.items())


def draw_graph(stages: Sequence[Made]) -> Graph:
    of_kind: dict[str, list[Made]] = {}
    for made in stages:
        of_kind.setdefault(made.trace["stage"], []).append(made)
    kind_of = {made.name: made.trace["stage"] for made in stages}
    reads = {
        kind: {kind_of[name] for made in results for name in made.reads if name in kind_of} - {kind}
        for kind, results in of_kind.items()
    }
    reads[LAST] = set(of_kind)
    order = list(TopologicalSorter({kind: sorted(sources) for kind, sources in reads.items()}).static_order())
    middles = {kind: ROW_HEIGHT * place + ROW_HEIGHT // 2 for place, kind in enumerate(order)}
    kinds = [Kind(kind, tuple(of_kind.get(kind, ())), middles[kind]) for kind in order]
    pairs = sorted(_direct(reads), key=lambda pair: (middles[pair[1]], middles[pair[0]]))
    return Graph(kinds, [Line(source, reader, _curve(middles[source], middles[reader])) for source, reader in pairs])


def _direct(reads: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Source and reader, but for what a reader also reaches through another of its sources."""

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
    """The options that are not the same in all recipes, each with its value in every one."""
    names = dict.fromkeys(name for options in recipes.values() for name in options)
    values = {name: [options.get(name) for options in recipes.values()] for name in names}
    return {name: of_each for name, of_each in values.items() if any(value != of_each[0] for value in of_each)}


def machines(stages: Iterable[Made]) -> list[str]:
    """Each machine that a result was made on, in words; results by older versions do not say."""
    noted = (made.trace["machine"] for made in stages if "machine" in made.trace)
    return sorted({f"{of['system']}, {of['processor']}, {of['cores']} cores" for of in noted})


def with_option(command: str, option: str, value: str) -> str:
    """A command with an option set, in place of what it said of it before."""
    kept: list[str] = []
    words = iter(shlex.split(command))
    for word in words:
        if word == option:
            next(words, None)
        elif not word.startswith(f"{option}="):
            kept.append(word)
    return shlex.join([*kept, option, value])
