"""The report: one self-contained HTML file that asks nothing of the network.

Reads what a Report reads and reports/templates/; writes the one file it is told to. A section is a file of
templates/sections/, in the order of their names; a part of what is told of each run is a file of templates/run/; the
script is all files of templates/script/, and the page lets no other run.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reports.content import Page
from reports.report import Report
from reports.words import counted, duration, percent, printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATE_DIR = Path(__file__).parent / "templates"


class Section(NamedTuple):
    """A part of the page under a heading of its own."""

    name: str  # in the page's address, as #runs
    title: str
    chapter: str  # the heading it shares with its neighbours, or its own title
    body: Markup


class Chapter(NamedTuple):
    """Neighbouring sections under one heading; most are one section."""

    title: str
    sections: list[Section]

    @property
    def name(self) -> str:
        """In the page's address."""
        return self.title.lower().replace(" ", "-")

    @property
    def is_group(self) -> bool:
        """Whether its sections have titles of their own."""
        return self.title != self.sections[0].title


def write_page(target: Path, content: Page) -> None:
    from markupsafe import Markup

    templates, report, script = _open_templates(), Report(content), _read_script()
    sections = _render_sections(templates, report)
    html = templates.get_template("page.html").render(
        report=report,
        chapters=[Chapter(title, list(members)) for title, members in groupby(sections, key=lambda of: of.chapter)],
        script=Markup(script),
        script_hash=_hash_script(script),
    )
    target.write_text(html, encoding="utf-8", errors="replace")  # file names need not be UTF-8


def _render_sections(templates: Environment, report: Report) -> Iterator[Section]:
    """Each template says its own title, and its chapter if it shares one."""
    from markupsafe import Markup

    for file in _templates_in("sections"):
        module = templates.get_template(file).make_module({"report": report, "run_parts": _templates_in("run")})
        said, title = vars(module), vars(module)["title"]
        yield Section(Path(file).stem.partition("-")[2], title, said.get("chapter", title), Markup(module))


def _templates_in(folder: str) -> list[str]:
    return sorted(f"{folder}/{file.name}" for file in (TEMPLATE_DIR / folder).glob("*.html"))


def _read_script() -> str:
    files = sorted((TEMPLATE_DIR / "script").glob("*.js"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


def _hash_script(script: str) -> str:
    """As a Content-Security-Policy names a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _open_templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    templates.filters.update(
        counted=counted,
        percent=percent,
        printable=printable,
        duration=duration,
        value=_show_value,
        asdict=dataclasses.asdict,
    )
    return templates


def _show_value(parameter: object) -> str:
    return parameter if isinstance(parameter, str) else json.dumps(parameter, ensure_ascii=False, default=str)
