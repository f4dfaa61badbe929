"""The section `Pictures in each class`."""

from datasets.pack import SUBSETS
from reports.content import Page
from reports.section import Section, Template, fill
from reports.table_values import read_counts


class Counts(Section):
    """A table of the pictures that each class has in each subset."""

    title = "Pictures in each class"
    chapter = "The data"

    def render(self, page: Page) -> Template:
        """Returns the table of counts.csv."""
        return fill("counts.html", class_counts=read_counts(page.data_dir / "counts.csv"), subsets=SUBSETS)
