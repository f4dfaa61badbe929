"""The confusion matrix of a run: reads confusion.csv; writes confusion.png, the same bytes for the same table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reports.drawing import style
from reports.drawing.figure import looks, save, shorten
from reports.table_values import Confusion, read_confusion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_confusion(confusion_csv: Path, target: Path, title: str) -> None:
    """Writes the confusion matrix."""
    confusion = read_confusion(confusion_csv)
    large = len(confusion.classes) > style.LARGE_MATRIX_CLASSES
    with looks():
        if len(confusion.classes) > style.MOST_NAMED_CLASSES:
            save(_draw_colours(confusion, title), target, style.MATRIX_DPI)
        else:
            save(_draw_matrix(confusion, title), target, style.LARGE_MATRIX_DPI if large else style.MATRIX_DPI)


def _draw_matrix(confusion: Confusion, title: str) -> Figure:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    size = len(confusion.classes)
    cell_inches = min(max(style.MATRIX_INCHES / size, style.SMALLEST_CELL_INCHES), style.LARGEST_CELL_INCHES)
    figure = Figure(figsize=(size * cell_inches, size * cell_inches))
    axes = figure.add_axes((0, 0, 1, 1))  # the names stand outside; saving takes them in
    colours = LinearSegmentedColormap.from_list("share", style.SHARE_COLOURS, style.SHARE_STEPS)
    axes.pcolormesh(confusion.shares(), cmap=colours, vmin=0, vmax=1, edgecolors=style.RULE, linewidth=0.4)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    names = [shorten(name) for name in confusion.classes]
    middles = [position + 0.5 for position in range(size)]
    fits = max(map(len, names)) * style.LETTER_INCHES < cell_inches
    axes.set_xticks(middles, names, rotation=0 if fits else 90, parse_math=False)
    axes.set_yticks(middles, names, parse_math=False)
    axes.set_xlabel("predicted class; a stronger colour is a larger share of the row")
    axes.set_ylabel("true class")
    axes.set_title(f"{title}: confusion matrix", parse_math=False)
    _write_counts(axes, confusion, cell_inches)
    return figure


def _draw_colours(confusion: Confusion, title: str) -> Figure:
    """Returns a matrix without counts, whose size does not grow with the number of classes."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    size = len(confusion.classes)
    shares = confusion.in_blocks(style.COLOURED_CELLS)
    figure = Figure(figsize=(style.COLOURED_INCHES, style.COLOURED_INCHES))
    axes = figure.add_axes((0, 0, 1, 1))
    colours = LinearSegmentedColormap.from_list("share", style.SHARE_COLOURS, style.SHARE_STEPS)
    axes.imshow(shares, cmap=colours, vmin=0, vmax=1, extent=(0, size, size, 0), interpolation="nearest")
    axes.tick_params(length=0)
    places = np.linspace(0, size - 1, style.NAMES_BESIDE).round().astype(int).tolist()
    names = [shorten(confusion.classes[place]) for place in places]
    axes.set_xticks([place + 0.5 for place in places], names, rotation=90, parse_math=False)
    axes.set_yticks([place + 0.5 for place in places], names, parse_math=False)
    block = -(-size // len(shares))
    cells = f"; a cell is {block} x {block} classes" if block > 1 else ""
    axes.set_xlabel(f"predicted class; a stronger colour is a larger share of the row{cells}")
    axes.set_ylabel(f"true class; {len(names)} of {size:,} are named")
    axes.set_title(f"{title}: confusion matrix; the counts are in confusion.csv", parse_math=False)
    return figure


def _write_counts(axes: Axes, confusion: Confusion, cell_inches: float) -> None:
    shares, digits = confusion.shares(), len(str(confusion.counts.max()))
    points = min(cell_inches * style.POINTS_PER_INCH_OF_DIGITS / digits, style.LARGEST_COUNT_POINTS)
    for (row, column), count in np.ndenumerate(confusion.counts):
        if count:
            axes.text(
                column + 0.5,
                row + 0.5,
                str(count),
                size=points,
                color=style.PAPER if shares[row, column] > style.DARK_SHARE else style.INK,
                horizontalalignment="center",
                verticalalignment="center_baseline",
                in_layout=False,  # laying out thousands of texts takes long and changes nothing
            )
