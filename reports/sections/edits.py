"""The section `Your edits`: what was moved, deleted, added or repainted, and the files that could not be used."""

from reports.content import Page
from reports.section import Section, Template, fill
from reports.table_values import read_records
from reports.words import edits_sentence


class Edits(Section):
    """The lists of the pictures that differ from what was exported."""

    title = "Your edits"
    chapter = "The data"

    def render(self, page: Page) -> Template:
        """Returns the tables of the index: edits.csv, removed.csv and rejected.csv."""
        edits = read_records(page.index_dir / "edits.csv")
        return fill(
            "edits.html",
            edits=edits,
            edits_sentence=edits_sentence(edits),
            removed=read_records(page.index_dir / "removed.csv"),
            rejected=read_records(page.index_dir / "rejected.csv"),
        )
