"""The section `At a glance`: the best run, and what changed since the last report."""

from reports.content import Page
from reports.section import Section, Template, fill
from reports.since_last_report.sentences import SinceLastReport
from reports.table_values import read_counts, read_records
from reports.words import edits_sentence


class Glance(Section):
    """The first section, for a reader in a hurry."""

    title = "At a glance"

    def render(self, page: Page) -> Template:
        """Returns the best run with its accuracy, the edits, and what changed."""
        return fill(
            "glance.html",
            class_counts=read_counts(page.data_dir / "counts.csv"),
            edits_sentence=edits_sentence(read_records(page.index_dir / "edits.csv")),
            since=SinceLastReport(page.since),
        )
