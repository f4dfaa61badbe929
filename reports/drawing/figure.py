"""Makes the figures: all are drawn in one style and saved with few colours.

Figures are made without pyplot, which keeps every figure in a global list and is not safe in forked workers.
"""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from reports.drawing import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PALETTE_COLOURS = 256


def looks() -> AbstractContextManager[None]:
    """Returns a context in which reports/drawing/style.py decides the style, whatever a user's matplotlibrc says."""
    from matplotlib.style import context

    within: AbstractContextManager[None] = context(["default", style.RC_PARAMS])
    return within


def save(figure: Figure, target: Path, dpi: int) -> None:
    """Writes a PNG, the same bytes for the same figure."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi, bbox_inches="tight")
    # Pillow writes the file again without a date or the name of the software.
    with Image.open(drawn) as picture:
        reduce_colours(picture).save(target, format="PNG", optimize=True, dpi=(dpi, dpi))


def shorten(name: str) -> str:
    """Returns a class name, cut if it would take the room of others."""
    return name if len(name) <= style.LONGEST_NAME else name[: style.LONGEST_NAME - 1] + "…"


def reduce_colours(picture: Image.Image) -> Image.Image:
    """Returns the picture with at most 256 colours, which makes the file a third as large.

    The most frequent colours stay exactly as they are, since they show the data; only the soft edges of letters
    change. Pillow's own quantising changes frequent colours too, such as white.
    """
    packed = np.asarray(picture.convert("RGB")).astype(np.int64) @ (1 << 16, 1 << 8, 1)
    counts = np.bincount(packed.ravel(), minlength=1 << 24)
    colours = np.flatnonzero(counts)
    kept = colours[np.argsort(-counts[colours], kind="stable")[:PALETTE_COLOURS]]
    nearest = np.zeros(1 << 24, dtype=np.uint8)
    nearest[colours] = _find_nearest(_unpack(colours), _unpack(kept))
    reduced = Image.fromarray(nearest[packed])
    reduced.putpalette(_unpack(kept).astype(np.uint8).tobytes())
    return reduced


def _unpack(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed >> 16, packed >> 8 & 0xFF, packed & 0xFF], axis=1)


def _find_nearest(colours: np.ndarray, kept: np.ndarray) -> np.ndarray:
    squared_distances = (kept**2).sum(axis=1) - 2 * colours @ kept.T  # less what all kept colours share
    nearest: np.ndarray = squared_distances.argmin(axis=1)
    return nearest
