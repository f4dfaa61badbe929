"""The sections of the report: the base class of all, and the table of the built-in ones in the order of the page.

Another package adds one by an entry point of the group `pigeonhole.sections` that names its class.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from datasets.plugins import Offer, offers

if TYPE_CHECKING:
    from reports.content import Page

TEMPLATE_DIR = Path(__file__).parent / "templates"

# The names are those in the page's address, as in report.html#each-run.
BUILT_IN = {
    "glance": "reports.sections.glance:Glance",
    "all-runs": "reports.sections.all_runs:AllRuns",
    "each-run": "reports.sections.each_run:EachRun",
    "class-looks": "reports.sections.class_looks:ClassLooks",
    "counts": "reports.sections.counts:Counts",
    "edits": "reports.sections.edits:Edits",
    "duplicates": "reports.sections.duplicates:DuplicatePictures",
    "suspects": "reports.sections.suspects:DoubtfulLabels",
    "provenance": "reports.sections.provenance:Provenance",
    "model-cards": "reports.sections.model_cards:ModelCards",
}


class Template(NamedTuple):
    """A Jinja template as text, and the values that it shows.

    Values are escaped, so that a class named `<b>` shows as it is spelt. The page itself is there as `page`, and
    `{% from "parts.html" import image, listing %}` brings the macros of reports/templates/parts.html.
    """

    text: str
    values: Mapping[str, Any] = {}


class Section(Protocol):
    """A part of the report under a heading of its own. A section is a class that inherits from this one.

    It needs nothing but the page it is given: every result named there is finished and can be read. What it returns
    loads nothing and runs no script of its own, since the page forbids both; a picture goes in as a data: address.
    The report's key holds the section's code, and so a template in its module. It does not hold other files that the
    section reads beside those of the page.
    """

    title: str
    chapter: str = ""  # the heading that it shares with its neighbours of the same chapter; empty: it stands alone
    after: str = ""  # the name of the section that it follows; empty: it comes last. BUILT_IN places the built-in ones

    def render(self, page: Page) -> Template | str:
        """Returns what stands below the heading: a template with values, or HTML as a markupsafe.Markup.

        A plain string is not HTML: it shows as text.
        """
        ...


def offered_sections() -> dict[str, Offer]:
    """Returns the built-in sections in the order of the page, then those of other packages, all by name."""
    return offers("sections", BUILT_IN)


def section_references() -> tuple[str, ...]:
    """Returns where each section of the report is, as `module:class`; the report's key holds their code."""
    return tuple(offer.reference for offer in offered_sections().values())


def fill(file: str, **values: Any) -> Template:
    """Returns a template of reports/templates/sections/ with values."""
    return Template((TEMPLATE_DIR / "sections" / file).read_text(encoding="utf-8"), values)
