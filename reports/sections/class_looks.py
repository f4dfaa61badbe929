"""The section `What each class looks like`: some training pictures of each class, and the mean of all of them.

Reads sheets.csv and page/ of the described data.
"""

from dataclasses import dataclass
from pathlib import Path

from reports.content import Page
from reports.pictures.embedded import EmbeddedPicture, embed_png
from reports.section import Section, Template, fill
from reports.table_values import read_records


@dataclass(frozen=True)
class ClassSheet:
    """A class with some of its training pictures, and the mean of all of them."""

    class_name: str
    shown: int
    count: int
    picture: EmbeddedPicture | None  # None if the class has no training picture
    mean: EmbeddedPicture | None


class ClassLooks(Section):
    """A contact sheet and a mean picture for each class."""

    title = "What each class looks like"
    chapter = "The data"

    def render(self, page: Page) -> Template:
        """Returns the sheets of all classes."""
        return fill("class_looks.html", sheets=read_class_sheets(page.data_dir))


def read_class_sheets(data_dir: Path) -> list[ClassSheet]:
    """Returns a sheet for each class, in the order of the labels."""

    def embed(name: str, alt: str) -> EmbeddedPicture:
        return embed_png((data_dir / "page" / name).read_bytes(), alt)

    sheets = []
    for label, row in enumerate(read_records(data_dir / "sheets.csv")):
        name, shown, count = row["class"], int(row["shown"]), int(row["count"])
        sheet = mean = None
        if count:
            alt = f"training pictures of {name}: {shown} of {count:,}, evenly spaced"
            sheet, mean = embed(f"{label}-sheet.png", alt), embed(f"{label}-mean.png", f"mean picture of {name}")
        sheets.append(ClassSheet(name, shown, count, sheet, mean))
    return sheets
