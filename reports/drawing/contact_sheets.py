"""A contact sheet for each class: pictures it was trained on, evenly spaced through all of them.

Reads a pack's training subset; writes `sheets/LABEL-class.png`, with the class's name on it, for people,
`page/LABEL-sheet.png`, without the name, for the page, and `sheets.csv` (class,file,shown,count), a row for each label.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from datasets.pack import read_classes, read_subset
from datasets.tables import write_rows
from reports.drawing import style
from reports.drawing.sheet import CSS_DPI, scale, shrink, write_on

COLUMNS = 8
MOST_PICTURES = 3 * COLUMNS
PAGE_BUDGET_BYTES = 2_100_000  # uncompressed, over all classes; the worst case, pure noise, takes 2.9 MB of the page
LARGE_SIDE, SMALL_SIDE = 64, 32  # a picture's longest side on the page, with few classes and with many
MANY_CLASSES = 20
SHOWN_SIDE = 64  # smaller pictures are enlarged to about this, by a whole number
NAMED_SIDE = 128  # in a sheet by itself
GAP = 1
MARGIN, TITLE_HEIGHT, TITLE_LETTERS = 16, 56, 22  # of a sheet by itself, in pixels
LEAST_WIDTH = 8 * NAMED_SIDE  # leaves room for the name
LONGEST_FILE_NAME = 60


def draw_contact_sheets(pack_dir: Path, folder: Path) -> None:
    """Writes the sheets of all classes and sheets.csv."""
    pixels, labels = read_subset(pack_dir, "train")
    classes = read_classes(pack_dir)
    side = min(LARGE_SIDE if len(classes) <= MANY_CLASSES else SMALL_SIDE, *pixels.shape[1:3])
    wanted = _count_affordable(len(classes), side)
    digits = len(str(len(classes) - 1))
    (folder / "sheets").mkdir()
    (folder / "page").mkdir(exist_ok=True)
    rows = []
    for label, name in enumerate(classes):
        of_class = np.flatnonzero(labels == label)
        file, chosen = f"{label:0{digits}}-{safe_name(name)}.png", choose_evenly(of_class, MOST_PICTURES)
        rows.append((name, file if len(chosen) else "", min(wanted, len(of_class)), len(of_class)))
        if len(chosen):
            title = f"{name}: {len(chosen)} of {len(of_class):,} training pictures, evenly spaced"
            _draw_named(pixels[chosen], title, folder / "sheets" / file)
            _draw_for_page(pixels[choose_evenly(of_class, wanted)], side, folder / "page" / f"{label}-sheet.png")
    write_rows(folder / "sheets.csv", ("class", "file", "shown", "count"), rows)


def safe_name(class_name: str) -> str:
    """Returns a name for a file on any system: letters and digits stay, in whatever script."""
    return "".join(letter if letter.isalnum() else "_" for letter in class_name)[:LONGEST_FILE_NAME]


def choose_evenly(rows: np.ndarray, wanted: int) -> np.ndarray:
    """Returns the first row, the last one, and others evenly spaced between them."""
    positions = np.linspace(0, len(rows) - 1, min(wanted, len(rows)))
    chosen: np.ndarray = rows[positions.round().astype(np.int64)]
    return chosen


def _count_affordable(class_count: int, side: int) -> int:
    """Returns how many pictures of each class fit into the budget of all sheets; several rows are full rows."""
    affordable = PAGE_BUDGET_BYTES // (class_count * side * side * 3)
    return min(affordable // COLUMNS * COLUMNS or max(affordable, 1), MOST_PICTURES)


def _draw_named(pixels: np.ndarray, title: str, target: Path) -> None:
    sheet = _lay_out([scale(picture, NAMED_SIDE) for picture in pixels])
    width, height = max(sheet.width, LEAST_WIDTH) + 2 * MARGIN, sheet.height + TITLE_HEIGHT + MARGIN
    paper = Image.new("RGB", (width, height), style.PAPER)
    paper.paste(sheet, (MARGIN, TITLE_HEIGHT), sheet)
    write_on(paper, title, (MARGIN, MARGIN), TITLE_LETTERS)
    paper.save(target, format="PNG")


def _draw_for_page(pixels: np.ndarray, side: int, target: Path) -> None:
    """Writes small pictures, which the browser enlarges by the resolution that is noted in the PNG."""
    thumbnails = [shrink(picture, side) for picture in pixels]
    dpi = CSS_DPI / max(SHOWN_SIDE // max(thumbnails[0].size), 1)
    _lay_out(thumbnails).save(target, format="PNG", optimize=True, dpi=(dpi, dpi))


def _lay_out(pictures: list[Image.Image]) -> Image.Image:
    width, height = pictures[0].size
    columns, rows = min(len(pictures), COLUMNS), -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGBA", (columns * (width + GAP) - GAP, rows * (height + GAP) - GAP))
    for place, picture in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        sheet.paste(picture, (column * (width + GAP), row * (height + GAP)))
    return sheet
