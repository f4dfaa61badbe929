"""The pictures of a run: how it learned, and what it takes for what.

Reads history.csv and confusion.csv; writes accuracy.png, loss.png and confusion.png, the same bytes for the same
tables. Figures are made without pyplot, which keeps every figure in a global list and is not safe in forked workers.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from reports import style
from reports.palette import reduce_colours
from reports.tables import Confusion, read_confusion, read_history

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame, Series


def draw_run(history_csv: Path, confusion_csv: Path, folder: Path, title: str) -> None:
    from matplotlib.style import context

    history, confusion = read_history(history_csv), read_confusion(confusion_csv)
    folder.mkdir(parents=True, exist_ok=True)
    with context(["default", style.RC_PARAMS]):
        _save(_draw_accuracy(history, title), folder / "accuracy.png", style.CURVE_DPI)
        _save(_draw_loss(history, title), folder / "loss.png", style.CURVE_DPI)
        large = len(confusion.classes) > style.LARGE_MATRIX_CLASSES
        matrix_dpi = style.LARGE_MATRIX_DPI if large else style.MATRIX_DPI
        _save(_draw_confusion(confusion, title), folder / "confusion.png", matrix_dpi)


def _save(figure: Figure, target: Path, dpi: int) -> None:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi, bbox_inches="tight")
    # Written anew by Pillow, the file carries no name of the software and no date.
    with Image.open(drawn) as picture:
        reduce_colours(picture).save(target, format="PNG", optimize=True, dpi=(dpi, dpi))


def _draw_accuracy(history: DataFrame, title: str) -> Figure:
    figure, axes = _draw_curves(history.accuracy, history.val_accuracy, f"{title}: accuracy")
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
    best = max(_finite(history.val_accuracy), key=lambda point: point[1], default=None)
    if best:
        _mark(axes, history, best, f"highest {best[1]:.1%}", above=True)
    return figure


def _draw_loss(history: DataFrame, title: str) -> Figure:
    figure, axes = _draw_curves(history.loss, history.val_loss, f"{title}: loss")
    best = min(_finite(history.val_loss), key=lambda point: point[1], default=None)
    if best:
        _mark(axes, history, best, f"lowest {best[1]:.3f}", above=False)
    return figure


def _draw_curves(training: Series, validation: Series, title: str) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=style.CURVE_INCHES, layout="constrained")
    axes = figure.add_subplot()
    marker = "o" if len(training) <= style.MARKED_EPOCHS else ""
    axes.plot(training.index, training, marker=marker, linestyle="--", color=style.TRAINING_COLOUR, label="training")
    axes.plot(validation.index, validation, marker=marker, color=style.VALIDATION_COLOUR, label="validation")
    axes.set_title(title, parse_math=False)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y")
    axes.margins(y=0.12)
    axes.legend(loc="best")
    return figure, axes


def _finite(values: Series) -> list[tuple[int, float]]:
    return [(epoch, value) for epoch, value in values.items() if math.isfinite(value)]


def _mark(axes: Axes, history: DataFrame, point: tuple[int, float], words: str, *, above: bool) -> None:
    from matplotlib.patheffects import withStroke

    colour = style.VALIDATION_COLOUR
    axes.plot(*point, marker="o", markersize=8, markerfacecolor=style.PAPER, markeredgecolor=colour, markeredgewidth=2)
    axes.annotate(
        f"{words} (epoch {point[0]})",
        point,
        xytext=(0, 12 if above else -12),
        textcoords="offset points",
        horizontalalignment="left" if 2 * point[0] < history.index[0] + history.index[-1] else "right",
        verticalalignment="bottom" if above else "top",
        color=colour,
        path_effects=[withStroke(linewidth=3, foreground=style.PAPER)],  # legible where it crosses a line
    )


def _draw_confusion(confusion: Confusion, title: str) -> Figure:
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
    names = [_shorten(name) for name in confusion.classes]
    middles = [position + 0.5 for position in range(size)]
    fits = max(map(len, names)) * style.LETTER_INCHES < cell_inches
    axes.set_xticks(middles, names, rotation=0 if fits else 90, parse_math=False)
    axes.set_yticks(middles, names, parse_math=False)
    axes.set_xlabel("predicted class; stronger colour: a larger share of its row")
    axes.set_ylabel("true class")
    axes.set_title(f"{title}: confusion matrix", parse_math=False)
    _write_counts(axes, confusion, cell_inches)
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
                in_layout=False,  # thousands of texts inside the axes would only slow the layout down
            )


def _shorten(name: str) -> str:
    return name if len(name) <= style.LONGEST_NAME else name[: style.LONGEST_NAME - 1] + "…"
