"""Measures how well the probabilities of a model agree with how often it is right. Reads and writes no file."""

from typing import NamedTuple

import numpy as np

from models.evaluation.scores import share_of

BIN_COUNT = 15
HEADER = ("low", "high", "count", "mean_probability", "accuracy", "accuracy_low", "accuracy_high")


class CalibrationBin(NamedTuple):
    """The pictures whose predicted class has a probability above `low` and not above `high`."""

    low: float
    high: float
    picture_count: int
    mean_probability: float | None
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None


def bin_probabilities(probabilities: np.ndarray, is_right: np.ndarray) -> list[CalibrationBin]:
    """Returns bins of equal width over the probability of the predicted class."""
    edges = np.linspace(0, 1, BIN_COUNT + 1)
    bin_of = np.searchsorted(edges[1:-1], probabilities)
    bins = []
    for number, (low, high) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        here = bin_of == number
        count = int(here.sum())
        mean = float(probabilities[here].mean(dtype=np.float64)) if count else None
        bins.append(CalibrationBin(low, high, count, mean, *share_of(int(is_right[here].sum()), count)))
    return bins


def calibration_error(bins: list[CalibrationBin]) -> float:
    """Returns the expected calibration error: the sum over the bins of count / n x |accuracy - mean probability|.

    Guo et al. (2017) define it so, with 15 bins of equal width too.
    """
    gaps = (one.picture_count * abs((one.accuracy or 0) - (one.mean_probability or 0)) for one in bins)
    return sum(gaps) / sum(one.picture_count for one in bins)
