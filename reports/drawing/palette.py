"""Plots in a third of the bytes: a picture with at most 256 colours, which counts in a page that carries every plot.

The most frequent colours stay exactly as they are, for they carry the data; only the soft edges of letters give way.
Pillow's own quantising moves frequent colours too, white among them.
"""

import numpy as np
from PIL import Image

PALETTE_COLOURS = 256


def reduce_colours(picture: Image.Image) -> Image.Image:
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
    squared_distances = (kept**2).sum(axis=1) - 2 * colours @ kept.T  # less a term that all kept colours share
    nearest: np.ndarray = squared_distances.argmin(axis=1)
    return nearest
