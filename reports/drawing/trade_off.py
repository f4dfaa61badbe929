"""A plot of accuracy against its cost, each run with its name; the same bytes for the same values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reports.drawing import style
from reports.drawing.figure import looks, save, shorten
from reports.drawing.label_placement import Box, place_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

LOG_RATIO = 10  # from the least cost to the greatest
MOST_NAMED = 20


class PricedRun(NamedTuple):
    """A run with its cost, and its accuracy with the ends of its interval."""

    name: str
    cost: float
    accuracy: float
    low: float
    high: float
    of_superclasses: bool


def draw_trade_off(runs: Sequence[PricedRun], cost: str, target: Path) -> None:
    """Writes the plot; the first MOST_NAMED runs have names."""
    with looks():
        save(_draw(runs, cost), target, style.CURVE_DPI)


def _draw(runs: Sequence[PricedRun], cost: str) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=style.FEW_RUNS_INCHES if len(runs) <= style.FEW_RUNS else style.MANY_RUNS_INCHES)
    axes = figure.add_axes((0, 0, 1, 1))  # saving makes room for what stands outside
    for run in runs:
        reach = [[run.accuracy - run.low], [run.high - run.accuracy]]
        colour, fill = _looks_of(run)
        axes.errorbar(run.cost, run.accuracy, reach, color=colour, markerfacecolor=fill, **style.REACH)
    _scale(axes, [run.cost for run in runs])
    axes.set_title(f"Accuracy against {cost}")
    axes.set_xlabel(cost)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
    axes.grid()
    _write_names(figure, axes, runs[:MOST_NAMED], runs)
    return figure


def _looks_of(run: PricedRun) -> tuple[str, str]:
    return (style.FAINT_INK, style.PAPER) if run.of_superclasses else (style.VALIDATION_COLOUR, style.VALIDATION_COLOUR)


def _scale(axes: Axes, costs: Sequence[float]) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    low, high = min(costs), max(costs)
    if high > LOG_RATIO * low:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 3) if high < 1000 * low else (1,)))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.margins(x=0.12)
    else:
        room = 0.12 * (high - low) or 0.5 * high
        axes.set_xlim(max(0, low - room), high + room)
        axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter(lambda cost, _: f"{cost:,.10g}")
    axes.autoscale_view()
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())


def _write_names(figure: Figure, axes: Axes, named: Sequence[PricedRun], runs: Sequence[PricedRun]) -> None:
    from matplotlib.text import Text

    points_per_pixel = 72 / figure.dpi
    width, height = (72 * inches for inches in figure.get_size_inches())

    def place(cost: float, accuracy: float) -> tuple[float, float]:
        x, y = axes.transData.transform((cost, accuracy)) * points_per_pixel
        return float(x), float(y)

    texts = [_write_name(axes, run) for run in named]
    extents = [Text.get_window_extent(text) for text in texts]  # Annotation's own would include the line to the point
    sizes = [(extent.width * points_per_pixel, extent.height * points_per_pixel) for extent in extents]
    taken = []
    for run in runs:
        (x, low), (_, y), (_, high) = (place(run.cost, share) for share in (run.low, run.accuracy, run.high))
        taken += [Box(x - 4, y - 4, 8, 8), Box(x - 3, low, 6, high - low)]
    points = [place(run.cost, run.accuracy) for run in named]
    boxes = place_names(points, sizes, taken, Box(0, 0, width, height), style.NAME_GAP_POINTS)
    for text, box in zip(texts, boxes, strict=True):
        text.set_position((box.left, box.bottom))


def _write_name(axes: Axes, run: PricedRun) -> Annotation:
    return axes.annotate(
        shorten(run.name) + (" (superclasses)" if run.of_superclasses else ""),
        (run.cost, run.accuracy),
        xytext=(0, 0),
        textcoords="axes points",
        size=style.NAME_POINTS,
        verticalalignment="bottom",
        arrowprops=style.TIE | {"color": style.FAINT_INK},
        parse_math=False,
    )
