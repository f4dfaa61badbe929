"""The pictures inside the page: PNG bytes as data: addresses. Reads and writes no file."""

import base64
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

CSS_DPI = 96
THUMBNAIL_SIDE = 96  # side of a single picture; smaller ones are enlarged to about this, by a whole number


@dataclass(frozen=True)
class EmbeddedPicture:
    """A picture as the page holds it, with the size at which it is shown."""

    uri: str
    width: int  # CSS pixels
    height: int
    alt: str


def embed_png(png: bytes, alt: str) -> EmbeddedPicture:
    """Returns a PNG for the page, in the size that follows from the resolution noted in it."""
    with Image.open(io.BytesIO(png)) as picture:
        dpi = float(picture.info.get("dpi", (CSS_DPI, CSS_DPI))[0])
        width, height = (round(side * CSS_DPI / dpi) for side in picture.size)
    return EmbeddedPicture("data:image/png;base64," + base64.b64encode(png).decode("ascii"), width, height, alt)


def draw_thumbnail(pixels: np.ndarray, alt: str, most_side: int = THUMBNAIL_SIDE) -> EmbeddedPicture:
    """Returns one picture of the pack, scaled to about the same size as all others."""
    thumbnail = Image.fromarray(pixels)
    thumbnail.thumbnail((most_side, most_side), Image.Resampling.BOX)
    dpi = CSS_DPI / max(THUMBNAIL_SIDE // max(thumbnail.size), 1)
    png = io.BytesIO()
    thumbnail.save(png, format="PNG", optimize=True, dpi=(dpi, dpi))
    return embed_png(png.getvalue(), alt)
