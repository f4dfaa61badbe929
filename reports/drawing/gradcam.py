"""A sheet that shows where a run looks: each picture, and beside it a grey copy under the heat of a class.

Reads explained.csv and gradcam.npz; writes gradcam.png, the same bytes for the same files, or nothing where no picture
was explained.
"""

from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from reports.drawing import style
from reports.drawing.figure import shorten
from reports.drawing.sheet import enlarge, shrink, width_of, write_on
from reports.table_values import read_records
from reports.words import percent, printable

SIDE = 96  # pixels of a picture's longest side, about: by whole steps where it is enlarged
GROUPS_A_ROW = 3
GAP, GUTTER, MARGIN, TITLE_HEIGHT, LINE_HEIGHT = 4, 32, 20, 40, 22
TITLE_LETTERS, LETTERS = 18, 15  # pixels
DROPPED_BITS = 3  # of the eight bits of a colour: nobody sees it, and photos then take two thirds of the bytes
HEADINGS = {
    "wrong": "named wrong: what counted for the class it was taken for, and what counted for its own",
    "right": "named right: what counted for its class",
}
HEAT_SHARE = 0.85  # opacity of the colour where the heat is greatest


class _ExplainedPicture(NamedTuple):
    """A picture with the heat of each class that was explained."""

    role: str
    pictures: list[Image.Image]
    lines: list[str]


def draw_gradcam(explain_dir: Path, target: Path, title: str) -> None:
    """Writes the sheet of heat, mistakes first."""
    rows = [row for row in read_records(explain_dir / "explained.csv") if row["role"] in HEADINGS]
    if not rows:
        return
    with np.load(explain_dir / "gradcam.npz") as kept:
        pixels, heat = kept["pixels"], kept["heat"]
    entries = zip(rows, pixels, heat, strict=True)
    groups = [_group(list(entry)) for _, entry in groupby(entries, key=lambda entry: entry[0]["path"])]
    blocks = [
        _block(list(of_role), f"{title}, {HEADINGS[role]}")
        for role, of_role in groupby(groups, key=lambda group: group.role)
    ]
    width, height = max(block.width for block in blocks), sum(block.height for block in blocks)
    sheet = Image.new("RGB", (width + 2 * MARGIN, height + MARGIN), style.PAPER)
    top = MARGIN
    for block in blocks:
        sheet.paste(block, (MARGIN, top))
        top += block.height
    _with_fewer_colours(sheet).save(target, format="PNG")


def _with_fewer_colours(sheet: Image.Image) -> Image.Image:
    """Returns the sheet with fewer bits for each colour; black and white stay as they are."""
    kept = np.asarray(sheet) >> DROPPED_BITS
    return Image.fromarray(kept << DROPPED_BITS | kept >> (8 - 2 * DROPPED_BITS))


def _group(entry: list[tuple[dict[str, str], np.ndarray, np.ndarray]]) -> _ExplainedPicture:
    row, picture, _ = entry[0]
    shown = shrink(picture, SIDE)
    shares = {of_class["looked_at"]: percent(float(of_class["probability"])) for of_class, *_ in entry}
    own, named = (shorten(printable(row[name])) for name in ("true", "predicted"))
    lines = [f"{own} {shares[row['true']]}"]
    if row["role"] == "wrong":
        lines = [f"taken for {named} {shares[row['predicted']]}", f"is {lines[0]}"]
    pictures = [shown, *(_laid_over(shown, heat) for *_, heat in entry)]
    return _ExplainedPicture(row["role"], [enlarge(each, SIDE) for each in pictures], lines)


def _laid_over(picture: Image.Image, heat: np.ndarray) -> Image.Image:
    """Returns the picture in dark grey under its heat, so that everything light or coloured is heat."""
    from matplotlib import colormaps

    spread = np.asarray(Image.fromarray(heat).resize(picture.size, Image.Resampling.BILINEAR))
    share = spread[..., None].astype(np.float32) / 255 * HEAT_SHARE
    grey = np.asarray(picture.convert("L"), np.float32)[..., None] * style.DIMMED_SHARE
    colours = 255 * colormaps[style.HEAT_COLOURS](spread)[..., :3]
    return Image.fromarray(np.round(grey * (1 - share) + colours * share).astype(np.uint8))


def _block(groups: list[_ExplainedPicture], heading: str) -> Image.Image:
    """Returns the groups of one role under a heading."""
    width, height = groups[0].pictures[0].size
    of_pictures = (width + GAP) * max(3, max(len(group.pictures) for group in groups))
    across = max(of_pictures, *(width_of(line, LETTERS) for group in groups for line in group.lines)) + GUTTER
    down = height + GAP + LINE_HEIGHT * max(len(group.lines) for group in groups) + GUTTER
    rows = -(-len(groups) // GROUPS_A_ROW)
    sheet_width = max(GROUPS_A_ROW * across - GUTTER, width_of(heading, TITLE_LETTERS))
    block = Image.new("RGB", (sheet_width, TITLE_HEIGHT + rows * down), style.PAPER)
    write_on(block, heading, (0, 0), TITLE_LETTERS)
    for place, group in enumerate(groups):
        left, top = place % GROUPS_A_ROW * across, TITLE_HEIGHT + place // GROUPS_A_ROW * down
        for number, picture in enumerate(group.pictures):
            block.paste(picture, (left + number * (width + GAP), top))
        for number, line in enumerate(group.lines):
            write_on(block, line, (left, top + height + GAP + number * LINE_HEIGHT), LETTERS)
    return block
