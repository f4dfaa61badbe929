"""The response of every channel to one picture: a sheet for each layer, and one for the first convolution.

Reads activations.csv, activations.npz and explanation.json; writes first_layer.png and channels/NN-layer.png, the same
bytes for the same files. Around the pictures a sheet is transparent, since pages are light or dark.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from reports.drawing import style
from reports.drawing.sheet import write_on
from reports.table_values import read_json, read_records
from reports.words import printable

FOLDER, FIRST_LAYER = "channels", "first_layer.png"
CELL_SIDES = ((64, 64), (256, 32))  # up to so many channels, each is enlarged to about so many pixels
SMALLEST_CELL_SIDE = 16
SHEET_WIDTH = 528
GAP, HEADING_HEIGHT, LETTERS = 2, 30, 18
FIRST_SIDE, GUTTER = 256, 12
LONGEST_FILE_NAME = 60
SHADES, INKS = 224, 32  # in the palette: shades of channels, then the degrees to which a letter covers a pixel
GREYISH = (128, 137, 146)  # the colour of letters, on light and on dark pages


def file_of(row: Mapping[str, str]) -> str:
    """Returns the file name for a row of activations.csv; it is valid whatever the layer is called."""
    name = re.sub(r"[^\w.-]", "_", row["layer"])[:LONGEST_FILE_NAME]
    return f"{int(row['number']):03}-{name}.png"


def heading_of(row: Mapping[str, str]) -> str:
    """Returns a heading for a row of activations.csv: the layer and its size."""
    return f"{printable(row['layer'])}, {row['rows']} x {row['columns']} x {row['channels']}"


def draw_channels(explain_dir: Path, folder: Path) -> None:
    """Writes the sheets of all layers, and that of the first convolution if there is one."""
    (folder / FOLDER).mkdir(exist_ok=True)
    with np.load(explain_dir / "activations.npz") as kept:
        for row in read_records(explain_dir / "activations.csv"):
            _save(_with_heading(_grid(kept[row["number"]]), heading_of(row)), folder / FOLDER / file_of(row))
        first = read_json(explain_dir / "explanation.json")["first_layer"]
        if first:
            _draw_first(kept["picture"], kept["enlarged"], first["shown"], folder / FIRST_LAYER)


def _grid(channels: np.ndarray) -> np.ndarray:
    """Returns all channels side by side, as indices into the palette."""
    count, height, width = channels.shape
    wanted = next((side for most, side in CELL_SIDES if count <= most), SMALLEST_CELL_SIDE)
    steps = max(wanted // max(height, width), 1)
    height, width = height * steps, width * steps
    columns = min(count, max(SHEET_WIDTH // (width + GAP), 1))
    rows = -(-count // columns)
    grid = np.full((rows * (height + GAP), columns * (width + GAP)), SHADES, np.uint8)
    for number, channel in enumerate(_shade(channels)):
        top, left = number // columns * (height + GAP), number % columns * (width + GAP)
        grid[top : top + height, left : left + width] = channel.repeat(steps, axis=0).repeat(steps, axis=1)
    return grid


def _with_heading(grid: np.ndarray, heading: str) -> np.ndarray:
    width = max(grid.shape[1], SHEET_WIDTH)
    above = (SHADES + np.asarray(_cover_of(heading, width), np.uint16) * (INKS - 1) // 255).astype(np.uint8)
    return np.vstack((above, np.pad(grid, ((0, 0), (0, width - grid.shape[1])), constant_values=SHADES)))


def _cover_of(text: str, width: int) -> Image.Image:
    """Returns how much of each pixel the letters cover."""
    letters = Image.new("L", (width, HEADING_HEIGHT), "white")
    write_on(letters, text, (0, 0), LETTERS)
    return ImageOps.invert(letters)


def _shade(values: np.ndarray) -> np.ndarray:
    return (values.astype(np.uint16) * (SHADES - 1) // 255).astype(np.uint8)


@cache
def _palette() -> tuple[bytes, bytes]:
    """Returns the colours, and how opaque each is."""
    from matplotlib import colormaps

    shades = colormaps[style.CHANNEL_COLOURS](np.linspace(0, 1, SHADES), bytes=True)[:, :3]
    inks = np.full((INKS, 3), GREYISH, np.uint8)
    cover = np.concatenate((np.full(SHADES, 255), np.linspace(0, 255, INKS))).astype(np.uint8)
    return np.concatenate((shades, inks)).tobytes(), cover.tobytes()


def _save(places: np.ndarray, target: Path) -> None:
    colours, cover = _palette()
    sheet = Image.fromarray(places)
    sheet.putpalette(colours)
    sheet.save(target, format="PNG", transparency=cover)


def _draw_first(picture: np.ndarray, channels: np.ndarray, numbers: list[int], target: Path) -> None:
    """Writes the picture, and beside it two channels of the same size."""
    from matplotlib import colormaps

    shown = [picture, *(colormaps[style.CHANNEL_COLOURS](channel, bytes=True)[..., :3] for channel in channels)]
    names = ["the picture", *(f"channel {number}" for number in numbers)]
    size = (FIRST_SIDE * picture.shape[1] // max(picture.shape), FIRST_SIDE * picture.shape[0] // max(picture.shape))
    sheet = Image.new("RGBA", ((size[0] + GUTTER) * len(shown) - GUTTER, size[1] + HEADING_HEIGHT))
    for number, (pixels, name) in enumerate(zip(shown, names, strict=True)):
        left = number * (size[0] + GUTTER)
        sheet.paste(GREYISH, (left, 0), _cover_of(name, size[0]))
        sheet.paste(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), (left, HEADING_HEIGHT))
    sheet.save(target, format="PNG", optimize=True)
