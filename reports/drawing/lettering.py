"""Words written on a picture of the user's, whose colours stay as they are, in the font of the plots."""

from functools import cache
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from reports.drawing import style


def write_on(picture: Image.Image, text: str, corner: tuple[int, int], height_px: int) -> None:
    """The corner is the upper left one; letters are about so high."""
    ImageDraw.Draw(picture).text(corner, text, fill=style.INK, font=_font(height_px))


def width_of(text: str, height_px: int) -> int:
    """How many pixels it takes in letters about so high."""
    return ceil(_font(height_px).getlength(text))


@cache
def _font(height_px: int) -> ImageFont.FreeTypeFont:
    import matplotlib

    file = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    return ImageFont.truetype(file, height_px, layout_engine=ImageFont.Layout.BASIC)
