"""The confusion matrix of each run as a picture, for print and for browsers that run no script.

Reads confusion.png and confusion.csv of each run; writes no file. If the plots of many runs with many classes would
fill the page, each matrix is a small picture that shows only its colours.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from reports.content import Run
from reports.drawing.style import SHARE_COLOURS, SHARE_STEPS
from reports.pictures.embedded import EmbeddedPicture, embed_png
from reports.table_values import Confusion, read_confusion

BUDGET_BYTES = 1_000_000  # uncompressed, over all plots
SMALL_INCHES = 6


class Matrix(NamedTuple):
    """A confusion matrix as a picture."""

    picture: EmbeddedPicture
    is_small: bool  # without names and counts


def embed_matrices(runs: Sequence[Run]) -> dict[str, Matrix]:
    """Returns the matrix of each run by its name; either all are small or none is."""
    plots = {run.name: run.plots_dir / "confusion.png" for run in runs}
    are_small = sum(plot.stat().st_size for plot in plots.values()) > BUDGET_BYTES
    return {run.name: _embed(run, plots[run.name], are_small) for run in runs}


def _embed(run: Run, plot: Path, is_small: bool) -> Matrix:
    confusion = read_confusion(run.evaluate_dir / "confusion.csv")
    right, total = int(confusion.counts.trace()), int(confusion.counts.sum())
    alt = f"{run.name}: confusion matrix of {len(confusion.classes)} classes; {right:,} of {total:,} pictures are on "
    png = _draw_small(confusion) if is_small else plot.read_bytes()
    return Matrix(embed_png(png, alt + "the diagonal"), is_small)


def _draw_small(confusion: Confusion) -> bytes:
    shares = confusion.in_blocks(SMALL_INCHES * 96)
    steps = (shares * (SHARE_STEPS - 1)).round().astype(np.uint8)
    picture = Image.frombytes("P", steps.shape, steps.tobytes())
    picture.putpalette(_palette())
    side = max(SMALL_INCHES * 96 // len(shares), 1) * len(shares)
    png = io.BytesIO()
    picture.resize((side, side), Image.Resampling.NEAREST).save(png, format="PNG", optimize=True)
    return png.getvalue()


def _palette() -> bytes:
    """Returns the colours of the plot: red, green and blue of each step."""
    stops = np.array([list(bytes.fromhex(colour[1:])) for colour in SHARE_COLOURS])
    at = np.linspace(0, len(stops) - 1, SHARE_STEPS)
    channels = [np.interp(at, range(len(stops)), stops[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8).tobytes()
