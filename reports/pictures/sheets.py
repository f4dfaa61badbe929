"""Pictures inside the page: PNG bytes as data: URIs, and what each class looks like, as it was drawn before.

Reads the plots of a run, and sheets.csv and page/ of the described data; writes no file.
"""

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from reports.tables import read_records

CSS_DPI = 96
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
    """Some training pictures of one class, and the mean of all of them."""

    class_name: str
    shown: int
    count: int
    picture: Picture | None  # None where a class has no training picture
    mean: Picture | None


def embed_png(png: bytes, alt: str) -> Picture:
    """The resolution noted in the PNG says how large it is shown."""
    with Image.open(io.BytesIO(png)) as picture:
        dpi = float(picture.info.get("dpi", (CSS_DPI, CSS_DPI))[0])
        width, height = (round(side * CSS_DPI / dpi) for side in picture.size)
    return Picture("data:image/png;base64," + base64.b64encode(png).decode("ascii"), width, height, alt)


def draw_thumbnail(pixels: np.ndarray, alt: str, most_side: int = THUMBNAIL_SIDE) -> Picture:
    """One picture of the pack, scaled to about the same size whatever its own."""
    thumbnail = Image.fromarray(pixels)
    thumbnail.thumbnail((most_side, most_side), Image.Resampling.BOX)
    dpi = CSS_DPI / max(THUMBNAIL_SIDE // max(thumbnail.size), 1)
    png = io.BytesIO()
    thumbnail.save(png, format="PNG", optimize=True, dpi=(dpi, dpi))
    return embed_png(png.getvalue(), alt)


def read_sheets(data_dir: Path) -> list[Sheet]:
    """A sheet for each class, in the order of the labels."""

    def embed(name: str, alt: str) -> Picture:
        return embed_png((data_dir / "page" / name).read_bytes(), alt)

    sheets = []
    for label, row in enumerate(read_records(data_dir / "sheets.csv")):
        name, shown, count = row["class"], int(row["shown"]), int(row["count"])
        sheet = mean = None
        if count:
            alt = f"training pictures of {name}: {shown} of {count:,}, evenly spaced"
            sheet, mean = embed(f"{label}-sheet.png", alt), embed(f"{label}-mean.png", f"mean picture of {name}")
        sheets.append(Sheet(name, shown, count, sheet, mean))
    return sheets
