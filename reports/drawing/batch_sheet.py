"""A sheet of one batch: every picture as it is stored and, to its right, as the training sees it.

Reads batch.npz and a pack's class names; writes batch.png, the same bytes for the same files.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from datasets.pack import read_classes
from reports.drawing import style

PAIRS_A_ROW, MOST_PAIRS = 4, 16
SIDE = 96  # pixels of a picture's longest side, about: by whole steps where it is enlarged
GAP, GUTTER, TITLE_HEIGHT, LINE_HEIGHT = 4, 28, 100, 22
DPI = 144
NAME_POINTS, LONGEST_NAME = 8.0, 23
LEAST_SHARE = 0.005  # of a class that is named


def draw_batch(batch_npz: Path, pack_dir: Path, target: Path, title: str) -> None:
    """Writes the sheet of a batch."""
    with np.load(batch_npz) as batch:
        before, after, shares = (batch[name][:MOST_PAIRS] for name in ("before", "after", "shares"))
    classes = read_classes(pack_dir)
    pairs = [_beside(*pair) for pair in zip(before, after, strict=True)]
    names = [names_of(of_one, classes) for of_one in shares]
    what = "left: as stored; right: as shown;\nbelow: the label it is learnt by"  # no wider than the narrowest sheet
    _write_on(_lay_out(pairs, names), names, f"{title}\n{what}", target)


def names_of(shares: np.ndarray, classes: list[str]) -> list[str]:
    """Returns the name of the class; for a blended picture, a line for each class with its share."""
    present = [label for label in np.argsort(-shares, kind="stable") if shares[label] >= LEAST_SHARE]
    if len(present) == 1:
        return [_shorten(classes[present[0]], LONGEST_NAME)]
    return [f"{_shorten(classes[label], LONGEST_NAME - 5)} {shares[label]:.0%}" for label in present]


def _shorten(name: str, longest: int) -> str:
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def _beside(before: np.ndarray, after: np.ndarray) -> Image.Image:
    """Returns both pictures at the same size, although the training may see fewer pixels."""
    width, height = size = _size_on_sheet(before)
    pair = Image.new("RGB", (2 * width + GAP, height), style.PAPER)
    for pixels, left in ((before, 0), (after, width + GAP)):
        pair.paste(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), (left, 0))
    return pair


def _size_on_sheet(pixels: np.ndarray) -> tuple[int, int]:
    height, width = pixels.shape[:2]
    longest = max(height, width)
    scale = SIDE / longest if longest > SIDE else SIDE // longest
    return round(width * scale), round(height * scale)


class _BatchSheet(NamedTuple):
    """A picture with all pairs."""

    picture: Image.Image
    feet: list[tuple[int, int]]  # the lower left corner of each pair


def _lay_out(pairs: list[Image.Image], names: list[list[str]]) -> _BatchSheet:
    width, height = pairs[0].size
    across, down = width + GUTTER, height + max(map(len, names)) * LINE_HEIGHT + GUTTER
    rows = -(-len(pairs) // PAIRS_A_ROW)
    picture = Image.new("RGB", (PAIRS_A_ROW * across - GUTTER, TITLE_HEIGHT + rows * down - GUTTER), style.PAPER)
    corners = [
        (place % PAIRS_A_ROW * across, TITLE_HEIGHT + place // PAIRS_A_ROW * down) for place in range(len(pairs))
    ]
    for pair, corner in zip(pairs, corners, strict=True):
        picture.paste(pair, corner)
    return _BatchSheet(picture, [(x, y + height) for x, y in corners])


def _write_on(sheet: _BatchSheet, names: list[list[str]], title: str, target: Path) -> None:
    from matplotlib.figure import Figure
    from matplotlib.style import context

    width, height = sheet.picture.size
    with context(["default", style.RC_PARAMS]):
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
        figure.figimage(np.asarray(sheet.picture))

        def write(text: str, x: int, y: int, **looks: Any) -> None:
            figure.text(x / width, 1 - y / height, text, verticalalignment="top", parse_math=False, **looks)

        write(title, 0, 0, size=style.RC_PARAMS["axes.titlesize"])
        for lines, (x, y) in zip(names, sheet.feet, strict=True):
            write("\n".join(lines), x, y + GAP, size=NAME_POINTS, color=style.FAINT_INK)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=DPI)
    # Pillow writes the file again without a date or the name of the software.
    with Image.open(drawn) as picture:
        picture.convert("RGB").save(target, format="PNG", dpi=(DPI, DPI))
