"""Compares two sides of several seeds each on the same test pictures. Reads and writes no file.

The interval allows for both kinds of chance: other seeds would give other accuracies, and so would other test pictures.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

# 95 % of Student's t lie within so many standard errors, for 1 to 30 degrees of freedom; for more, that of 30 serves.
STUDENT_95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


class SeedDifference(NamedTuple):
    """The mean accuracy of the second side minus that of the first, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_more_than_chance(self) -> bool:
        """Tells whether the interval leaves out 0."""
        return not self.low <= 0 <= self.high


def compare_seeds(first: np.ndarray, second: np.ndarray) -> SeedDifference:
    """Returns the difference of two sides, each bool [seeds, pictures]: which pictures each seed names rightly.

    Takes two seeds or more of each side, and the same pictures in the same order. The variance is that of seeds crossed
    with pictures (Gallas, 2006): what the seeds differ by, and what the pictures differ by, of which each holds the
    scatter of single answers, so that this is counted once.
    """
    sides, picture_count = (first, second), first.shape[1]
    of_seeds = sum(side.mean(axis=1).var(ddof=1) / len(side) for side in sides)
    by_picture = second.mean(axis=0) - first.mean(axis=0)
    of_pictures = by_picture.var() / max(picture_count - 1, 1)
    scatter = sum(side.var(axis=0, ddof=1).mean() / len(side) for side in sides) / picture_count
    variance = scatter + max(of_seeds - scatter, 0) + max(of_pictures - scatter, 0)
    freedom = min(len(first) + len(second) - 2, picture_count - 1)
    return _with_interval(float(by_picture.mean()), variance, freedom)


def compare_accuracies(first: Sequence[float], second: Sequence[float]) -> SeedDifference:
    """Returns the difference of two sides from the accuracies of their seeds alone, two or more of each."""
    sides = (np.array(first), np.array(second))
    squares = sum(((side - side.mean()) ** 2).sum() for side in sides)
    freedom = len(first) + len(second) - 2
    variance = squares / freedom * (1 / len(first) + 1 / len(second))
    return _with_interval(float(sides[1].mean() - sides[0].mean()), variance, freedom)


def _with_interval(value: float, variance: float, freedom: int) -> SeedDifference:
    if freedom < 1:
        return SeedDifference(value, -1.0, 1.0)
    reach = STUDENT_95[min(freedom, len(STUDENT_95)) - 1] * math.sqrt(variance)
    return SeedDifference(value, max(-1.0, value - reach), min(1.0, value + reach))
