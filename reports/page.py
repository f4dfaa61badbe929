"""The report: one self-contained HTML file that asks nothing of the network.

Reads the files that a Page names, and reports/templates/; writes the one file it is told to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets.packed import SUBSETS, read_classes
from reports.content import Page
from reports.duplicates import read_duplicates
from reports.pictures import draw_sheets
from reports.results import Result, read_result
from reports.suspects import read_suspects
from reports.tables import count_split, read_rows
from reports.words import duration, edits_sentence, percent

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE_DIR = Path(__file__).parent / "templates"
LISTED_ROWS = 50
OPTIONAL_SCORES = {"top5_accuracy": "Top 5", "accuracy_tta": "Averaged views"}


@dataclass(frozen=True)
class ClassCounts:
    """How many pictures a class has in each subset."""

    name: str
    by_subset: dict[str, int]
    total: int


def write_page(target: Path, content: Page) -> None:
    results = [read_result(run) for run in content.runs]
    comparable = [result for result in results if not result.predicts_superclasses] or results
    edits = read_rows(content.index_dir / "edits.csv")
    template = _open_templates().get_template("page.html")
    html = template.render(
        page=content,
        results=results,
        comparable=comparable,
        best=max(comparable, key=lambda result: result.accuracy),
        optional_scores={key: heading for key, heading in OPTIONAL_SCORES.items() if _is_measured(key, results)},
        sheets=draw_sheets(content.pack_dir),
        duplicates=read_duplicates(content.duplicates_dir, content.joined_csv, content.pack_dir),
        suspects=content.suspects_csv and read_suspects(content.suspects_csv, content.pack_dir),
        subsets=SUBSETS,
        class_counts=_count_classes(content),
        edits=edits,
        edits_sentence=edits_sentence(edits),
        removed=read_rows(content.index_dir / "removed.csv"),
        rejected=read_rows(content.index_dir / "rejected.csv"),
        versions=_gather_versions(content.stages),
        listed_rows=LISTED_ROWS,
    )
    target.write_text(html, encoding="utf-8")


def _open_templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(percent=percent, duration=duration, value=_show_value)
    return templates


def _is_measured(score: str, results: list[Result]) -> bool:
    return any(score in result.metrics for result in results)


def _count_classes(content: Page) -> list[ClassCounts]:
    counts = count_split(content.split_csv)
    rows = []
    for label, name in enumerate(read_classes(content.pack_dir)):
        by_subset = {subset: counts[label, subset] for subset in SUBSETS}
        rows.append(ClassCounts(name, by_subset, sum(by_subset.values())))
    return rows


def _gather_versions(stages: tuple[dict[str, Any], ...]) -> dict[str, list[str]]:
    """The versions of each library that took part; more than one where stages were made at different times."""
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for stage in stages:
        for library, version in stage["versions"].items():
            versions[library].add(version)
    return {library: sorted(versions[library]) for library in sorted(versions)}


def _show_value(parameter: object) -> str:
    return parameter if isinstance(parameter, str) else json.dumps(parameter, ensure_ascii=False, default=str)
