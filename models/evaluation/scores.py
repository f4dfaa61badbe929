"""Measures how good predictions are, from the numbers alone. Reads and writes no file."""

import math
from typing import NamedTuple

import numpy as np

NORMAL_95 = 1.959963984540054  # 95 % of a normal distribution lie within so many standard deviations


class ClassScores(NamedTuple):
    """The scores of all classes, in one array for each score; nan where there is nothing to take a share of."""

    picture_count: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray


def count_confusion(labels: np.ndarray, predicted: np.ndarray, class_count: int) -> np.ndarray:
    """Returns how many pictures of each class (rows) are predicted as each class (columns)."""
    cells = np.bincount(labels.astype(np.int64) * class_count + predicted, minlength=class_count**2)
    return cells.reshape(class_count, class_count)


def score_classes(confusion: np.ndarray) -> ClassScores:
    """Returns precision, recall and F1 of every class."""
    right, count, predicted = np.diagonal(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    return ClassScores(count, _share(right, predicted), _share(right, count), _share(2 * right, predicted + count))


def average_f1(confusion: np.ndarray) -> tuple[float, float]:
    """Returns the mean F1 of the classes, and the mean weighted by their pictures.

    A class that no picture has, and that none is predicted as, does not count.
    """
    scores = score_classes(confusion)
    return average(scores.f1, np.ones(len(confusion))), average(scores.f1, scores.picture_count)


def average(shares: np.ndarray, weights: np.ndarray) -> float:
    """Returns the mean over the classes that have a share and a weight, or nan; as scikit-learn's zero_division=nan."""
    known = ~np.isnan(shares) & (weights > 0)
    return float(np.average(shares[known], weights=weights[known])) if known.any() else math.nan


class ShareInterval(NamedTuple):
    """A counted share with its 95 % interval; all None if nothing was counted."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def share_of(part: int, whole: int) -> ShareInterval:
    """Returns part / whole with its interval."""
    return ShareInterval(part / whole, *wilson_interval(part, whole)) if whole else ShareInterval()


def f1_of(right: int, wrong: int) -> ShareInterval:
    """Returns the F1 of a class, where `wrong` counts the pictures it misses and those wrongly taken for it.

    F1 is 2J / (1 + J), where J = right / (right + wrong). It grows with J, so that its interval follows from that of J.
    """
    overlap = share_of(right, right + wrong)
    return ShareInterval(*(None if end is None else 2 * end / (1 + end) for end in overlap))


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """Returns the 95 % interval of a share that was counted as right / total."""
    share, spread = right / total, NORMAL_95**2 / total
    middle = (share + spread / 2) / (1 + spread)
    reach = (share * (1 - share) * spread + spread**2 / 4) ** 0.5 / (1 + spread)
    # The share itself must lie in it, whatever the last digits of this arithmetic are.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def losses_of(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Returns the cross-entropy of each picture; a probability of 0 counts as the smallest float32 above it."""
    of_label = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    losses: np.ndarray = -np.log(np.maximum(of_label, np.finfo(np.float32).tiny))
    return losses


def share_among_top(probabilities: np.ndarray, labels: np.ndarray, top: int) -> float:
    """Returns the share of pictures whose right class is among the `top` most probable ones."""
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(((probabilities > of_label[:, None]).sum(axis=1) < top).mean())


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    share: np.ndarray = np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
    return share
