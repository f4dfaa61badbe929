"""The tools for sheets of pictures: one size for all, and letters in the font of the plots.

The colours of the pictures stay as they are.
"""

from functools import cache
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from reports.drawing import style

CSS_DPI = 96


def shrink(pixels: np.ndarray, side: int) -> Image.Image:
    """Returns a picture whose side is at most this; a smaller one stays as it is."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return picture


def enlarge(picture: Image.Image, side: int) -> Image.Image:
    """Returns a picture enlarged to about this side, by a whole number so that its pixels stay sharp."""
    steps = max(side // max(picture.size), 1)
    return picture.resize((picture.width * steps, picture.height * steps), Image.Resampling.NEAREST)


def scale(pixels: np.ndarray, side: int) -> Image.Image:
    """Returns a picture shrunk to the side, or enlarged to about it."""
    return enlarge(shrink(pixels, side), side)


def write_on(picture: Image.Image, text: str, corner: tuple[int, int], height_px: int) -> None:
    """Writes a text into a picture, from its upper left corner on, in letters of about this height."""
    ImageDraw.Draw(picture).text(corner, text, fill=style.INK, font=_font(height_px))


def width_of(text: str, height_px: int) -> int:
    """Returns the width of a text in letters of about this height, in pixels."""
    return ceil(_font(height_px).getlength(text))


@cache
def _font(height_px: int) -> ImageFont.FreeTypeFont:
    import matplotlib

    file = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    return ImageFont.truetype(file, height_px, layout_engine=ImageFont.Layout.BASIC)
