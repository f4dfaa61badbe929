"""The report as one self-contained HTML file, which loads nothing from the network.

Reads the results of a Page and reports/templates/; writes one file. Its script consists of all files of
templates/script/, and the page allows no other script.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from datasets.plugins import Offer, load
from reports.content import Page
from reports.section import BUILT_IN, TEMPLATE_DIR, Section, Template, offered_sections
from reports.words import counted, duration, percent, printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


class RenderedSection(NamedTuple):
    """A section as the page holds it."""

    name: str  # in the page's address, as #each-run
    title: str
    chapter: str  # the heading it shares with its neighbours, or its own title
    after: str  # the section it follows
    body: Markup


class Chapter(NamedTuple):
    """A heading with the sections under it; most chapters are one section."""

    title: str
    sections: list[RenderedSection]

    @property
    def name(self) -> str:
        """The chapter's name in the page's address."""
        return _to_id(self.title)

    @property
    def is_group(self) -> bool:
        """Tells whether its sections have titles of their own."""
        return len(self.sections) > 1 or self.title != self.sections[0].title


def write_page(target: Path, page: Page) -> None:
    """Writes the report."""
    from markupsafe import Markup

    templates, script = _open_templates(), _read_script()
    sections = _in_order([_render(offer, page, templates) for offer in offered_sections().values()])
    html = templates.get_template("page.html").render(
        page=page,
        chapters=[Chapter(title, list(members)) for title, members in groupby(sections, key=lambda of: of.chapter)],
        script=Markup(script),
        script_hash=_hash_script(script),
    )
    target.write_text(html, encoding="utf-8", errors="replace")  # file names need not be UTF-8


FAILED = Template(
    """<p class="warning"><strong>This section failed.</strong> It comes from the package {{ offer.package }}
({{ offer.reference }}), which said: <code>{{ mistake }}</code>. Update that package or uninstall it. The rest of
the report is complete.</p>"""
)


def _render(offer: Offer, page: Page, templates: Environment) -> RenderedSection:
    """Returns a section; if one of another package fails, a section that says so, since the rest is still useful."""
    try:
        section: Section = load(offer)()
        title = str(section.title)
        body = _to_html(section.render(page), page, templates)
        return RenderedSection(_to_id(offer.name), title, str(section.chapter) or title, section.after, body)
    except Exception as error:
        if not offer.package:
            raise
        mistake = f"{type(error).__name__}: {error}"
        print(f"The section {offer.name} of the package {offer.package} failed: {mistake}", file=sys.stderr, flush=True)
        body = _to_html(FAILED._replace(values={"offer": offer, "mistake": mistake}), page, templates)
        return RenderedSection(_to_id(offer.name), offer.name, offer.name, "", body)


def _to_html(content: Template | str, page: Page, templates: Environment) -> Markup:
    from markupsafe import Markup, escape

    if isinstance(content, Template):
        return Markup(templates.from_string(content.text).render({"page": page, **content.values}))
    if not isinstance(content, str):
        raise TypeError(f"render returned {content!r}, and neither a Template nor HTML")
    return escape(content)  # which leaves a Markup as it is


def _to_id(name: str) -> str:
    """Returns a name in a form that the page's address can hold."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def _in_order(sections: list[RenderedSection]) -> list[RenderedSection]:
    """Returns the sections in the order of the page: the built-in ones, with those of other packages between them."""
    ordered = [section for section in sections if section.name in BUILT_IN]
    for section in sections[len(ordered) :]:
        ordered.insert(_place_of(section, ordered), section)
    return ordered


def _place_of(section: RenderedSection, ordered: list[RenderedSection]) -> int:
    """Returns where a section goes: behind the one it follows, but never into or out of a chapter."""
    followed = next((other for other in ordered if other.name == section.after), None)
    if followed and followed.chapter == section.chapter:
        return ordered.index(followed) + 1
    chapters = [other.chapter for other in ordered]
    chapter = followed.chapter if followed and section.chapter not in chapters else section.chapter
    return len(chapters) - chapters[::-1].index(chapter) if chapter in chapters else len(chapters)


def _read_script() -> str:
    files = sorted((TEMPLATE_DIR / "script").glob("*.js"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


def _hash_script(script: str) -> str:
    """Returns the script's hash as a Content-Security-Policy spells it."""
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
        address=address,
        asdict=dataclasses.asdict,
    )
    return templates


def address(path: str) -> str:
    """Returns the address of a picture from the page, which lies two folders below the data set's."""
    return "../../images/" + quote(os.fsencode(path))


def _show_value(parameter: object) -> str:
    return parameter if isinstance(parameter, str) else json.dumps(parameter, ensure_ascii=False, default=str)
