"""The likeness that unrelated pictures of a set have by chance, and so how alike two must be to show the same.

Photos are hardly ever alike by chance; drawings of ten digits are, and so are flat icons and pages of text. Pictures
drawn at random are unrelated, but for the few of one film or one class. So the likeness of most random pairs, up to
the 95th percentile, says how fast it becomes rarer. From there it is drawn out to the likeness that chance gives to one
picture in a thousand and some other. The inverse hyperbolic tangent keeps it from ending at 1.
"""

from math import ceil, log

import numpy as np

from datasets.duplicates.likeness import LEAST_LIKENESS, compare_both_ways
from datasets.duplicates.looks import Looks

PICTURES_DRAWN = 2000
_LOW, _HIGH = 0.75, 0.95  # the percentiles that say how likeness falls off
_MOST_BY_CHANCE = 0.001  # of the pictures have another that is so much alike by chance
_MOST_ALIKE = 0.9999


def least_likeness(drawn: Looks, picture_count: int) -> float:
    """Returns how alike two pictures must be, in hundredths: LEAST_LIKENESS, or more where their set demands it.

    `drawn` are at least two different pictures of the set at random, at most PICTURES_DRAWN.
    """
    likeness = np.arctanh(np.minimum(compare_both_ways(drawn, _pairs_of_neighbours(len(drawn.hashes))), _MOST_ALIKE))
    low, high = np.quantile(likeness, [_LOW, _HIGH])
    fall = (high - low) / log((1 - _LOW) / (1 - _HIGH))
    rarer = (1 - _HIGH) * picture_count / _MOST_BY_CHANCE
    by_chance = float(np.tanh(high + fall * log(rarer)))
    return max(LEAST_LIKENESS, ceil(by_chance * 100) / 100)


def _pairs_of_neighbours(count: int) -> np.ndarray:
    """Returns about PICTURES_DRAWN pairs of rows, or all: each row with the next, with the next but one and so on."""
    rows = np.arange(count)
    steps = range(1, min(count, PICTURES_DRAWN // count + 2))
    return np.concatenate([np.column_stack([rows[:-step], rows[step:]]) for step in steps])
