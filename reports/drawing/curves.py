"""The learning curves of a run: reads history.csv; writes accuracy.png and loss.png, the same bytes for the same table.

Both mark the best epoch, which has the lowest validation loss, and the epoch whose weights were tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.drawing import style
from reports.drawing.figure import looks, save
from reports.facts.epochs import Epochs, read_epochs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SMOOTH_SHARE = 0.5  # a rate that changes after a larger share of the epochs is drawn as a curve, not in steps


def draw_curves(history_csv: Path, folder: Path, title: str, options: Mapping[str, Any]) -> None:
    """Writes both plots."""
    epochs = read_epochs(history_csv, options)
    with looks():
        accuracies = epochs.accuracy, epochs.val_accuracy
        save(_draw(epochs, *accuracies, f"{title}: accuracy", "{:.1%}"), folder / "accuracy.png", style.CURVE_DPI)
        losses = epochs.loss, epochs.val_loss
        save(_draw(epochs, *losses, f"{title}: loss", "{:.3f}"), folder / "loss.png", style.CURVE_DPI)


def _draw(epochs: Epochs, training: np.ndarray, validation: np.ndarray, title: str, form: str) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=style.CURVE_INCHES, layout="constrained")
    changed = np.flatnonzero(np.diff(epochs.learning_rate)) + 1  # the last epoch before each change of the rate
    heights = style.CURVE_HEIGHTS if len(changed) else style.CURVE_HEIGHTS[:1]
    axes, *strips = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
    _draw_both(axes, training, validation)
    if epochs.is_validated:
        _mark_epochs(axes, epochs, validation, form)
    axes.set_title(title, parse_math=False, pad=style.LEGEND_PAD)
    axes.set_xlim(0.5, epochs.count + 0.5)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, **style.NARROW_LEGEND).set_in_layout(False)
    if "%" in form:
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
    for strip in strips:
        _draw_rate(strip, axes, epochs, changed)
    lowest = (axes, *strips)[-1]
    lowest.set_xlabel("epoch")
    lowest.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    return figure


def _draw_both(axes: Axes, training: np.ndarray, validation: np.ndarray) -> None:
    numbers = np.arange(len(training)) + 1
    marker = "o" if len(training) <= style.MARKED_EPOCHS else ""
    axes.plot(numbers, training, marker=marker, linestyle="--", color=style.TRAINING_COLOUR, label="training")
    axes.plot(numbers, validation, marker=marker, color=style.VALIDATION_COLOUR, label="validation")
    axes.grid(axis="y")


def _mark_epochs(axes: Axes, epochs: Epochs, validation: np.ndarray, form: str) -> None:
    """Marks the best epoch by a ring, the tested one by a disc, and the epochs of a tested mean by a band."""

    def mark(epoch: int, words: str, fill: str) -> None:
        label = f"{words}, epoch {epoch}: {form.format(validation[epoch - 1])}"
        axes.plot(epoch, validation[epoch - 1], "o", markerfacecolor=fill, label=label, **style.MARK)

    if epochs.averaged:
        mark(epochs.best, "best", style.PAPER)
        first, last = epochs.count - epochs.averaged + 1, epochs.count
        axes.axvspan(first - 0.5, last + 0.5, color=style.RULE, zorder=0, label=f"tested, mean of {first} to {last}")
    elif epochs.tested == epochs.best:
        mark(epochs.best, "best and tested", style.VALIDATION_COLOUR)
    else:
        mark(epochs.best, "best", style.PAPER)
        mark(epochs.tested, "tested", style.VALIDATION_COLOUR)


def _draw_rate(strip: Axes, curves: Axes, epochs: Epochs, changed: np.ndarray) -> None:
    """Draws the learning rate in steps, with a line through the curves at each, or as a curve."""
    is_smooth = len(changed) > SMOOTH_SHARE * (epochs.count - 1)
    numbers, rates = np.arange(epochs.count) + 1, epochs.learning_rate
    strip.plot(numbers, rates, drawstyle="default" if is_smooth else "steps-mid", color=style.FAINT_INK, linewidth=1.2)
    if not is_smooth:
        strip.set_yscale("log")
        for epoch in changed:
            curves.axvline(epoch + 0.5, color=style.FAINT_INK, linestyle=":", linewidth=0.8, zorder=0)
    ends = sorted({rates.min(), rates.max()})
    strip.set_yticks(ends, [f"{rate:.2g}" for rate in ends])
    strip.minorticks_off()
    strip.margins(y=0.25)
    strip.set_title("learning rate", **style.STRIP_TITLE)
