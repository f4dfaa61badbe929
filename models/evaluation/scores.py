"""What predictions are worth: counts and shares, from the numbers alone. Reads and writes no file."""

import math
from typing import NamedTuple

import numpy as np

NORMAL_95 = 1.959963984540054  # standard deviations to either side that hold 95 % of a normal distribution


class ClassScores(NamedTuple):
    """An array each, a value a class; nan where there is nothing to take a share of."""

    picture_count: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray


def count_confusion(labels: np.ndarray, predicted: np.ndarray, class_count: int) -> np.ndarray:
    """How many pictures of each class (rows) are named as each class (columns)."""
    cells = np.bincount(labels.astype(np.int64) * class_count + predicted, minlength=class_count**2)
    return cells.reshape(class_count, class_count)


def score_classes(confusion: np.ndarray) -> ClassScores:
    right, count, named = np.diagonal(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    return ClassScores(count, _share(right, named), _share(right, count), _share(2 * right, named + count))


def average_f1(confusion: np.ndarray) -> tuple[float, float]:
    """F1 averaged over the classes, and weighted by their pictures; a class never shown and never named has none."""
    scores = score_classes(confusion)
    return average(scores.f1, np.ones(len(confusion))), average(scores.f1, scores.picture_count)


def average(shares: np.ndarray, weights: np.ndarray) -> float:
    """The mean over the classes that have a share, nan if none with a weight does; scikit-learn's zero_division=nan."""
    known = ~np.isnan(shares) & (weights > 0)
    return float(np.average(shares[known], weights=weights[known])) if known.any() else math.nan


class Share(NamedTuple):
    """A counted share with its 95 % interval; None each of nothing."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def share_of(part: int, whole: int) -> Share:
    return Share(part / whole, *wilson_interval(part, whole)) if whole else Share()


def f1_of(right: int, wrong: int) -> Share:
    """F1 of a class, where `wrong` counts what is missed and what is taken for it.

    F1 is 2J / (1 + J) of the share J = right / (right + wrong), and grows with it, so that the ends of J's interval
    become those of F1's.
    """
    overlap = share_of(right, right + wrong)
    return Share(*(None if end is None else 2 * end / (1 + end) for end in overlap))


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share that was counted as right / total."""
    share, spread = right / total, NORMAL_95**2 / total
    middle = (share + spread / 2) / (1 + spread)
    reach = (share * (1 - share) * spread + spread**2 / 4) ** 0.5 / (1 + spread)
    # The share itself is in it, whatever the last digits of the reckoning say.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def losses_of(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The cross-entropy of each picture; a probability that float32 rounds to 0 counts as its smallest number."""
    of_label = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    losses: np.ndarray = -np.log(np.maximum(of_label, np.finfo(np.float32).tiny))
    return losses


def share_among_top(probabilities: np.ndarray, labels: np.ndarray, top: int) -> float:
    """How often fewer than `top` classes are held more probable than the right one."""
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(((probabilities > of_label[:, None]).sum(axis=1) < top).mean())


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    share: np.ndarray = np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
    return share
