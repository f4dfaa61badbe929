"""The meaning of a training's curves, in one plain sentence: the first of RULES that applies makes it.

Reads history.csv; writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reports.facts.epochs import Epochs, best_in_words, read_epochs
from reports.words import percent

LEAST_EPOCHS = 4
RUNAWAY_FACTOR = 2.0
RISE, FALL, STILL = 0.05, 0.02, 0.02  # of a loss, as shares of it
OPENING_FALL = 0.1  # of the training loss, while that of validation rises
UNSTEADY_JUMP = 0.15
WIDE_GAP, ODD_GAP = 0.1, -0.05
FADING_SCHEDULES = ("one_cycle", "cosine")  # the learning rate ends at zero

# These keep the training accuracy below the validation accuracy.
HINDRANCES = {
    "dropout": ("convolution_dropout", "dense_dropout", "dropblock"),
    "augmentation": (
        *("rotation_degrees", "horizontal_shift_fraction", "vertical_shift_fraction", "zoom_fraction"),
        *("mirrored_fraction", "randaugment", "colorjitter", "cutout", "mixup", "cutmix"),
    ),
    "the averaging of weights": ("ema",),
}


class Learning(NamedTuple):
    """The sentences beside the curves of a run."""

    verdict: str
    remark: str  # empty if there is nothing to remark on
    best: str  # about the best epoch and the tested weights; empty without validation


def read_learning(history_csv: Path, options: Mapping[str, Any], guessing: str = "") -> Learning:
    """Returns what the curves of a training show; where its model is no better than guessing, that is the verdict."""
    epochs = read_epochs(history_csv, options)
    best = best_in_words(epochs) if epochs.is_validated else ""
    return Learning(_ran_away(epochs) or guessing or judge(epochs), remark_on_gap(epochs), best)


def judge(epochs: Epochs) -> str:
    """Returns the sentence of the first rule that applies."""
    return next(sentence for rule in RULES if (sentence := rule(epochs)))


def remark_on_gap(epochs: Epochs) -> str:
    """Returns why training accuracy is below validation accuracy, where the recipe explains it; else nothing."""
    if not epochs.gap < 0 or not (hindrances := _hindrances(epochs)):
        return ""
    return f"Training accuracy is below validation accuracy because of {' and '.join(hindrances)}: nothing is wrong."


def _hindrances(epochs: Epochs) -> list[str]:
    return [kind for kind, options in HINDRANCES.items() if any(map(epochs.has, options))]


def _ran_away(epochs: Epochs) -> str:
    """Applies if the training loss doubles or is no number, and does not end below that of the first epoch."""
    first, last = epochs.loss[0], epochs.loss[-1]
    away = ~(epochs.loss <= RUNAWAY_FACTOR * first)
    if last <= first or not away.any():
        return ""
    return f"The loss diverged in epoch {int(np.argmax(away)) + 1}: try a lower learning rate."


def _nothing_to_validate_on(epochs: Epochs) -> str:
    """Applies where an epoch has no validation loss."""
    if epochs.is_validated:
        return ""
    return "There were no validation pictures, so these curves cannot show whether the model overfits."


def _too_short(epochs: Epochs) -> str:
    """Applies to fewer than four epochs."""
    count = epochs.count
    noun = "epoch is" if count == 1 else "epochs are"
    return f"{count} {noun} too few to see a trend." if count < LEAST_EPOCHS else ""


def _stopped_early(epochs: Epochs) -> str:
    """Applies where a recipe with stop_patience trained fewer epochs than planned."""
    if not epochs.has("stop_patience") or epochs.count >= epochs.planned:
        return ""
    waited = epochs.options["stop_patience"]
    return (
        f"Stopped early, after epoch {epochs.count} of {epochs.planned}: the validation loss had not fallen "
        f"{'in the last epoch' if waited == 1 else f'for {waited} epochs'}."
    )


def _overfitting(epochs: Epochs) -> str:
    """Applies if the validation loss ends 5 % above its lowest mean of three epochs, while training loss fell by 10 %.

    Overfitting then begins with the epoch after the middle one of those three.
    """
    ends = range(epochs.window, epochs.count + 1)
    lowest = min(ends, key=lambda end: epochs.mean_to(end, epochs.val_loss))
    rise = _growth(epochs, epochs.val_loss, lowest)
    if rise < RISE or _growth(epochs, epochs.loss, lowest) > -OPENING_FALL:
        return ""
    held = epochs.mean_to(epochs.count, epochs.val_accuracy) >= epochs.mean_to(lowest, epochs.val_accuracy)
    gap = f"; training accuracy ends {epochs.gap:.2f} above validation accuracy" if epochs.gap > 0 else ""
    return (
        f"Overfitting from epoch {lowest - epochs.window // 2 + 1}: "
        f"validation loss rose by {rise:.0%}{', though validation accuracy did not fall' if held else ''}{gap}."
    )


def _unsteady(epochs: Epochs) -> str:
    """Applies if, in the second half, a validation loss is usually 15 % off the mean of its two neighbours."""
    half = epochs.val_loss[epochs.count // 2 - 1 :]
    jump = float(np.median(np.abs(np.diff(half, 2))) / 2 / np.median(half))
    if jump < UNSTEADY_JUMP:
        return ""
    return f"Unsteady: the validation loss jumps by {jump:.0%} from epoch to epoch; try a lower learning rate."


def _still_falling(epochs: Epochs) -> str:
    """Applies if the validation loss of the last three epochs is 2 % below the three before, and training loss fell."""
    before = epochs.count - epochs.window
    fall = -_growth(epochs, epochs.val_loss, before)
    if fall < FALL or _growth(epochs, epochs.loss, before) >= 0:
        return ""
    stretched = " (the schedule stretches with them)" if epochs.options.get("schedule") in FADING_SCHEDULES else ""
    return (
        f"Still improving at the end: validation loss fell by {fall:.0%} in the last {epochs.window} epochs, "
        f"so more epochs would help{stretched}."
    )


def _stood_still(epochs: Epochs) -> str:
    """Applies if in the last third of the epochs, at least three, no loss came 2 % below its lowest value before."""
    least = max(3, epochs.count // 3)
    for epoch in range(1, epochs.count - least + 1):
        if all(losses[epoch:].min() > (1 - STILL) * losses[:epoch].min() for losses in (epochs.loss, epochs.val_loss)):
            accuracy = percent(epochs.mean_to(epochs.count, epochs.accuracy))
            return f"Learnt nothing after epoch {epoch}: training accuracy stayed near {accuracy}."
    return ""


def _easier_validation(epochs: Epochs) -> str:
    """Applies if validation accuracy is 5 points above training accuracy, and nothing in the recipe explains it."""
    if epochs.gap > ODD_GAP or _hindrances(epochs):
        return ""
    return (
        f"Validation accuracy is {-epochs.gap:.2f} above training accuracy, which nothing in the recipe explains: "
        "are the validation pictures easier, or are some of them among the training pictures?"
    )


def _levelled_off(epochs: Epochs) -> str:
    """Applies to everything else: names the epoch from which the mean validation loss stays within 5 % of its end."""
    ends = range(epochs.window, epochs.count + 1)
    apart = [end for end in ends if abs(_growth(epochs, epochs.val_loss, end)) > RISE]
    since = max(apart, default=epochs.window - 1) + 1
    levelled = f"Levelled off from epoch {since}: more epochs would add little."
    if epochs.gap <= WIDE_GAP:
        return levelled
    gap = f"Training accuracy is {epochs.gap:.2f} above validation accuracy"
    return f"{levelled} {gap}: more pictures or augmentation might help."


def _growth(epochs: Epochs, losses: np.ndarray, since: int) -> float:
    """Returns by which share the mean of the last epochs is above the mean of those up to an epoch."""
    return epochs.mean_to(epochs.count, losses) / epochs.mean_to(since, losses) - 1


RULES: tuple[Callable[[Epochs], str], ...] = (
    _ran_away,
    _nothing_to_validate_on,
    _too_short,
    _stopped_early,
    _overfitting,
    _unsteady,
    _still_falling,
    _stood_still,
    _easier_validation,
    _levelled_off,
)
