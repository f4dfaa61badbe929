"""How a run learned: reads history.csv; writes accuracy.png and loss.png, the same bytes for the same table."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from reports.drawing import style
from reports.drawing.figure import looks, save
from reports.tables import read_history

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame, Series


def draw_curves(history_csv: Path, folder: Path, title: str) -> None:
    history = read_history(history_csv)
    with looks():
        save(_draw_accuracy(history, title), folder / "accuracy.png", style.CURVE_DPI)
        save(_draw_loss(history, title), folder / "loss.png", style.CURVE_DPI)


def _draw_accuracy(history: DataFrame, title: str) -> Figure:
    figure, axes = _draw_both(history.accuracy, history.val_accuracy, f"{title}: accuracy")
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
    best = max(_finite(history.val_accuracy), key=lambda point: point[1], default=None)
    if best:
        _mark(axes, history, best, f"highest {best[1]:.1%}", above=True)
    return figure


def _draw_loss(history: DataFrame, title: str) -> Figure:
    figure, axes = _draw_both(history.loss, history.val_loss, f"{title}: loss")
    best = min(_finite(history.val_loss), key=lambda point: point[1], default=None)
    if best:
        _mark(axes, history, best, f"lowest {best[1]:.3f}", above=False)
    return figure


def _draw_both(training: Series, validation: Series, title: str) -> tuple[Figure, Axes]:
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
