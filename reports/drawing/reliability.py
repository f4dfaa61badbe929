"""The reliability plot, accuracy against probability: reads calibration.csv and metrics.json; writes reliability.png.

The same files give the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reports.drawing import style
from reports.drawing.figure import looks, save
from reports.facts.calibration import Calibration, read_calibration

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_reliability(evaluate_dir: Path, target: Path, title: str) -> None:
    """Writes the reliability plot."""
    calibration = read_calibration(evaluate_dir)
    with looks():
        save(_draw_both(calibration, title), target, style.CURVE_DPI)


def _draw_both(calibration: Calibration, title: str) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=style.RELIABILITY_INCHES, layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=style.RELIABILITY_HEIGHTS)
    _draw_accuracy(upper, calibration)
    _draw_counts(lower, calibration)
    upper.set_title(f"{title}: reliability", parse_math=False)
    for axis in (upper.yaxis, lower.xaxis):
        axis.set_major_formatter(lambda share, _: f"{share:.0%}")
    return figure


def _draw_accuracy(axes: Axes, calibration: Calibration) -> None:
    sure, right = ([getattr(one, name) for one in calibration.bins] for name in ("mean_probability", "accuracy"))
    reach = [
        [one.accuracy - one.accuracy_low for one in calibration.bins],
        [one.accuracy_high - one.accuracy for one in calibration.bins],
    ]
    axes.plot((0, 1), (0, 1), linestyle="--", linewidth=1.2, color=style.FAINT_INK)
    axes.errorbar(sure, right, reach, marker="o", elinewidth=1, capsize=3, color=style.VALIDATION_COLOUR, clip_on=False)
    axes.text(0.03, 0.95, "not sure enough", color=style.FAINT_INK, verticalalignment="top")
    axes.text(0.97, 0.05, "too sure", color=style.FAINT_INK, horizontalalignment="right")
    axes.set(xlim=(0, 1), ylim=(0, 1), ylabel="share named right")
    axes.grid()


def _draw_counts(axes: Axes, calibration: Calibration) -> None:
    from matplotlib.ticker import MaxNLocator

    lows, widths, counts = zip(*((one.low, one.high - one.low, one.count) for one in calibration.bins), strict=True)
    axes.bar(lows, counts, widths, align="edge", color=style.SHARE_COLOURS[2], edgecolor=style.PAPER)
    axes.set_ylabel("pictures")
    axes.set_xlabel(f"probability of the class it names; calibration error {calibration.error:.1%}")
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.grid(axis="y")
