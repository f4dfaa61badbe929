"""The validation curves of all runs in one plot: writes curves.png, the same bytes for the same values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reports.drawing import style
from reports.drawing.figure import looks, save, shorten
from reports.drawing.label_placement import push_apart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Curve = tuple[str, Sequence[float], bool]  # a run's name, validation accuracy by epoch, whether it names superclasses


def draw_overlay(curves: Sequence[Curve], target: Path) -> None:
    """Writes the plot; the first curves have colours and names, the rest are grey."""
    with looks():
        save(_draw(curves), target, style.CURVE_DPI)


def _draw(curves: Sequence[Curve]) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=style.FEW_RUNS_INCHES)
    axes = figure.add_axes((0, 0, 1, 1))  # the names stand outside; saving takes them in
    named, rest = curves[: len(style.RUN_COLOURS)], curves[len(style.RUN_COLOURS) :]
    for curve in rest:
        _draw_curve(axes, curve, style.REST_COLOUR, linewidth=1.0)
    for curve, colour in reversed(list(zip(named, style.RUN_COLOURS, strict=False))):
        _draw_curve(axes, curve, colour, linewidth=1.8)
    axes.set_xlim(0.5, max(len(accuracies) for _, accuracies, _ in curves) + 0.5)
    axes.set_ylim(axes.get_ylim())
    _write_names(axes, named)
    axes.set_title("Validation accuracy" + (f"; the other {len(rest)} runs in grey" if rest else ""))
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
    axes.grid(axis="y")
    return figure


def _draw_curve(axes: Axes, curve: Curve, colour: str, linewidth: float) -> None:
    _, accuracies, is_of_superclasses = curve
    marker = "o" if len(accuracies) <= style.MARKED_EPOCHS else ""
    linestyle = "--" if is_of_superclasses else "-"
    epochs = range(1, len(accuracies) + 1)
    axes.plot(epochs, accuracies, color=colour, marker=marker, linestyle=linestyle, linewidth=linewidth)


def _write_names(axes: Axes, named: Sequence[Curve]) -> None:
    """Writes the names to the right of the axes, each tied to the end of its curve."""
    width, height = (72 * inches for inches in style.FEW_RUNS_INCHES)
    bottom, top = axes.get_ylim()
    ends = [(accuracies[-1] - bottom) / (top - bottom) * height for _, accuracies, _ in named]
    heights = push_apart(ends, style.NAME_LINE_POINTS)
    for (name, accuracies, of_superclasses), up, colour in zip(named, heights, style.RUN_COLOURS, strict=False):
        axes.annotate(
            shorten(name) + (" (superclasses)" if of_superclasses else ""),
            (len(accuracies), accuracies[-1]),
            xytext=(width + style.NAME_GAP_POINTS, up),
            textcoords="axes points",
            size=style.NAME_POINTS,
            color=colour,
            verticalalignment="center",
            arrowprops=style.TIE | {"color": colour, "relpos": (0, 0.5)},
            annotation_clip=False,
            parse_math=False,
        )
