"""A sheet of many small pictures, which the page shows one by one. Reads the pack; writes no file."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from datasets.pack import gather

LARGEST_SIDE = 64
SHOWN_SIDE = 64  # smaller pictures are enlarged to about this, by a whole number
COLUMNS = 64
MOST_PICTURES = COLUMNS * 250  # a WebP has at most 16,383 pixels to a side
WEBP_QUALITY = 85
AT_ONCE = 256  # pictures read before they are shrunk
TRIED_PICTURES = 256  # drawn first, to estimate how many fit


@dataclass(frozen=True)
class Sprites:
    """A set of pictures side by side in rows of COLUMNS, and the size at which each is shown."""

    uri: str
    count: int
    columns: int
    width: int  # CSS pixels
    height: int


def draw_sprites(pack_dir: Path, places: np.ndarray, budget_bytes: int) -> Sprites | None:
    """Returns as many of these pictures as fit in the bytes, from the first on; None if none fits."""
    places = places[:MOST_PICTURES]
    tried = places[:: max(len(places) // TRIED_PICTURES, 1)]
    count = len(places)
    uri = _draw_sheet(pack_dir, tried)[0] if count else ""
    affordable = int(budget_bytes * len(tried) / max(len(uri), 1))
    while count := min(count, affordable):
        uri, (width, height) = _draw_sheet(pack_dir, places[:count])
        if len(uri) <= budget_bytes:
            enlargement = max(SHOWN_SIDE // max(width, height), 1)
            return Sprites(uri, count, min(count, COLUMNS), width * enlargement, height * enlargement)
        affordable = int(count * budget_bytes / len(uri) * 0.98)
    return None


def _draw_sheet(pack_dir: Path, places: np.ndarray) -> tuple[str, tuple[int, int]]:
    """Returns a data: address, and the size of each picture in it."""
    parts = (gather(pack_dir, "pixels", places[at : at + AT_ONCE]) for at in range(0, len(places), AT_ONCE))
    pictures = [_shrink(pixels) for part in parts for pixels in part]
    width, height = pictures[0].size
    sheet = Image.new("RGB", (min(len(pictures), COLUMNS) * width, -(-len(pictures) // COLUMNS) * height))
    for place, picture in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        sheet.paste(picture, (column * width, row * height))
    encoded = (_encode(sheet, "WEBP", quality=WEBP_QUALITY), _encode(sheet, "PNG"))
    return min(encoded, key=len), (width, height)


def _shrink(pixels: np.ndarray) -> Image.Image:
    picture = Image.fromarray(pixels)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return picture


def _encode(sheet: Image.Image, form: str, **options: int) -> str:
    encoded = io.BytesIO()
    sheet.save(encoded, format=form, **options)
    return f"data:image/{form.lower()};base64," + base64.b64encode(encoded.getvalue()).decode("ascii")
