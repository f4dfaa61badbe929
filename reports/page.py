"""The report: one self-contained HTML file that asks nothing of the network.

Reads what a Report reads and reports/templates/; writes the one file it is told to. A section is a file of
templates/sections/, in the order of their names; a part of what is told of each run is a file of templates/run/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reports.content import Page
from reports.report import Report
from reports.words import duration, percent

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATE_DIR = Path(__file__).parent / "templates"


class Section(NamedTuple):
    """A part of the page under a heading of its own."""

    name: str  # in the page's address, as #runs
    title: str
    body: Markup


def write_page(target: Path, content: Page) -> None:
    templates, report = _open_templates(), Report(content)
    sections = list(_render_sections(templates, report))
    html = templates.get_template("page.html").render(report=report, sections=sections)
    target.write_text(html, encoding="utf-8")


def _render_sections(templates: Environment, report: Report) -> Iterator[Section]:
    """Each template says its own title; what it leaves empty is left out."""
    from markupsafe import Markup

    for file in _templates_in("sections"):
        module = templates.get_template(file).make_module({"report": report, "run_parts": _templates_in("run")})
        yield Section(Path(file).stem.partition("-")[2], vars(module)["title"], Markup(module))


def _templates_in(folder: str) -> list[str]:
    return sorted(f"{folder}/{file.name}" for file in (TEMPLATE_DIR / folder).glob("*.html"))


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


def _show_value(parameter: object) -> str:
    return parameter if isinstance(parameter, str) else json.dumps(parameter, ensure_ascii=False, default=str)
