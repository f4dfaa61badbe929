"""What every figure goes through: the house's looks before it is drawn, and fewer colours when it is saved.

Figures are made without pyplot, which keeps every figure in a global list and is not safe in forked workers.
"""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from reports.drawing import style
from reports.drawing.palette import reduce_colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def looks() -> AbstractContextManager[None]:
    """Within it everything is drawn in the style of reports/drawing/style.py, whatever a user's matplotlibrc says."""
    from matplotlib.style import context

    within: AbstractContextManager[None] = context(["default", style.RC_PARAMS])
    return within


def save(figure: Figure, target: Path, dpi: int) -> None:
    """Write a PNG, the same bytes for the same figure."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi, bbox_inches="tight")
    # Written anew by Pillow, the file carries no name of the software and no date.
    with Image.open(drawn) as picture:
        reduce_colours(picture).save(target, format="PNG", optimize=True, dpi=(dpi, dpi))


def shorten(name: str) -> str:
    """A class name that leaves room for the others."""
    return name if len(name) <= style.LONGEST_NAME else name[: style.LONGEST_NAME - 1] + "…"
