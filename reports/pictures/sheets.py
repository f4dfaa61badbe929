"""Pictures inside the page: PNG bytes as data: URIs, and a contact sheet for each class.

Reads the plots of a run and the pack's training subset; writes no file.
"""

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from datasets.packed import read_classes, read_subset

CSS_DPI = 96
SHEET_COLUMNS = 8
MOST_PICTURES = 3 * SHEET_COLUMNS
SHEETS_BUDGET_BYTES = 6_000_000  # raw, over all sheets; pure noise, the worst case, becomes 8 MB of page
LARGE_SIDE, SMALL_SIDE = 64, 32  # a picture's longest side, with few classes and with many
MANY_CLASSES = 20
SHOWN_SIDE = 64  # smaller pictures are enlarged to about this by whole steps
GAP = 1
THUMBNAIL_SIDE = 96  # of a picture that stands alone; smaller ones are enlarged to about this by whole steps


@dataclass(frozen=True)
class Picture:
    """A picture as the page holds it, with the size at which it is shown."""

    uri: str
    width: int  # CSS pixels
    height: int
    alt: str


@dataclass(frozen=True)
class Sheet:
    """Some training pictures of one class."""

    class_name: str
    shown: int
    count: int
    picture: Picture | None  # None where a class has no training picture


def embed_png(png: bytes, alt: str) -> Picture:
    """The resolution noted in the PNG says how large it is shown."""
    with Image.open(io.BytesIO(png)) as picture:
        dpi = float(picture.info.get("dpi", (CSS_DPI, CSS_DPI))[0])
        width, height = (round(side * CSS_DPI / dpi) for side in picture.size)
    return Picture("data:image/png;base64," + base64.b64encode(png).decode("ascii"), width, height, alt)


def draw_thumbnail(pixels: np.ndarray, alt: str) -> Picture:
    """One picture of the pack, scaled to about the same size whatever its own."""
    thumbnail = Image.fromarray(pixels)
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BOX)
    dpi = CSS_DPI / max(THUMBNAIL_SIDE // max(thumbnail.size), 1)
    png = io.BytesIO()
    thumbnail.save(png, format="PNG", optimize=True, dpi=(dpi, dpi))
    return embed_png(png.getvalue(), alt)


def draw_sheets(pack_dir: Path) -> list[Sheet]:
    """A sheet for each class, in the order of the labels."""
    pixels, labels = read_subset(pack_dir, "train")
    classes = read_classes(pack_dir)
    side = LARGE_SIDE if len(classes) <= MANY_CLASSES else SMALL_SIDE
    wanted = _count_affordable(len(classes), side)
    sheets = []
    for label, name in enumerate(classes):
        rows = np.flatnonzero(labels == label)
        chosen = choose_evenly(rows, wanted)
        alt = f"training pictures of {name}: {len(chosen)} of {len(rows):,}, evenly spaced"
        picture = embed_png(_draw_sheet(pixels[chosen], side), alt) if len(chosen) else None
        sheets.append(Sheet(name, len(chosen), len(rows), picture))
    return sheets


def _count_affordable(class_count: int, side: int) -> int:
    """How many pictures of each class keep all sheets within the budget, in full rows if there are several."""
    affordable = SHEETS_BUDGET_BYTES // (class_count * side * side * 3)
    rows = affordable // SHEET_COLUMNS
    return min(rows * SHEET_COLUMNS or max(affordable, 1), MOST_PICTURES)


def choose_evenly(rows: np.ndarray, wanted: int) -> np.ndarray:
    """The first, the last, and the rest evenly between them."""
    positions = np.linspace(0, len(rows) - 1, min(wanted, len(rows)))
    chosen: np.ndarray = rows[positions.round().astype(np.int64)]
    return chosen


def _draw_sheet(pixels: np.ndarray, longest_side: int) -> bytes:
    thumbnails = [Image.fromarray(picture) for picture in pixels]
    for thumbnail in thumbnails:
        thumbnail.thumbnail((longest_side, longest_side), Image.Resampling.BOX)
    width, height = thumbnails[0].size
    columns, rows = min(len(thumbnails), SHEET_COLUMNS), -(-len(thumbnails) // SHEET_COLUMNS)
    sheet = Image.new("RGBA", (columns * (width + GAP) - GAP, rows * (height + GAP) - GAP))
    for position, thumbnail in enumerate(thumbnails):
        row, column = divmod(position, SHEET_COLUMNS)
        sheet.paste(thumbnail, (column * (width + GAP), row * (height + GAP)))
    enlargement = max(SHOWN_SIDE // max(width, height), 1)
    png = io.BytesIO()
    sheet.save(png, format="PNG", optimize=True, dpi=(CSS_DPI / enlargement, CSS_DPI / enlargement))
    return png.getvalue()
