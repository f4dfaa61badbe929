"""The likeness of two pictures: whether they have the same detail in the same places, in the same colours.

Likeness is the correlation of two pictures' detail, the best over small shifts and both ways round, times that of
their colours in coarse blocks. Detail tells one shot from another; colours and outlines do not, since one ship on the
sea has those of any other, and a 64-bit perceptual hash keeps nothing else. Of the sample's planted pairs (8 seeds, 96
pairs) imagehash's phash finds all only at 10 bits, and 82 wrong ones with them; this finds all and no other. The
threshold lies between the least alike of those and the most alike of the others (0.72 and 0.65), and serves CIFAR-10
as it is: benchmarks/duplicates.py. Where unrelated pictures are more alike than photos are, chance.py asks for more.
"""

from typing import NamedTuple

import numpy as np

from datasets.duplicates.candidates import MOST_CANDIDATES, compare_colours, find_candidates
from datasets.duplicates.looks import SIDE, Looks
from datasets.progress import progress

LEAST_LIKENESS = 0.68

_SHIFT = 3  # dots
_PAIRS_AT_ONCE = 2048


class Alike(NamedTuple):
    """The pairs of rows, each once, and how many candidates each row had: an upper bound where rows have gone since."""

    pairs: np.ndarray  # int32 [m, 2]
    distances: np.ndarray  # float64 [m], from 0 to 1 - LEAST_LIKENESS
    candidate_counts: np.ndarray  # int64 [n]

    def is_sparse(self) -> bool:
        """Returns whether no picture may be like too many others; then what holds among all holds among any of them."""
        return bool(self.candidate_counts.max(initial=0) <= MOST_CANDIDATES)


def find_alike(looks: Looks, first: int = 0) -> Alike:
    """Returns the pairs that are alike, of which at least one is among the rows from `first` on."""
    views = looks, looks.mirrored()
    with progress("comparing", len(looks.hashes) - first) as advance:
        candidates, counts = find_candidates(looks, views, first, LEAST_LIKENESS, advance)
        likeness = np.concatenate([_compare(looks, view, pairs) for view, pairs in zip(views, candidates, strict=True)])
    pairs = np.concatenate(candidates)
    found = likeness >= LEAST_LIKENESS
    pairs, distances = pairs[found], np.round(1 - likeness[found], 4)
    order = np.lexsort((distances, pairs[:, 1], pairs[:, 0]))
    _, once = np.unique(pairs[order], axis=0, return_index=True)  # some pairs are alike both ways round
    return Alike(pairs[order][once], distances[order][once], counts)


def compare_both_ways(looks: Looks, pairs: np.ndarray) -> np.ndarray:
    """Returns how alike each two rows are, as they are or with one of them mirrored."""
    likeness: np.ndarray = np.maximum(_compare(looks, looks, pairs), _compare(looks, looks.mirrored(), pairs))
    return likeness


def _compare(looks: Looks, view: Looks, pairs: np.ndarray) -> np.ndarray:
    backward = looks.hashes[pairs[:, 0]] > looks.hashes[pairs[:, 1]]
    pairs = np.where(backward[:, None], pairs[:, ::-1], pairs)  # so that it does not matter which came first
    lots = np.array_split(pairs, len(pairs) // _PAIRS_AT_ONCE + 1)
    details = (_correlate(looks.details[lot[:, 0]], view.details[lot[:, 1]]) for lot in lots)
    return np.concatenate(
        [detail * compare_colours(looks, view, lot) for detail, lot in zip(details, lots, strict=True)]
    )


def _correlate(details: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Returns the highest correlation of the middle of each with a window of the other, at most _SHIFT dots away."""
    span = SIDE - 2 * _SHIFT
    others = others.astype(np.float32)
    middles = details[:, _SHIFT : _SHIFT + span, _SHIFT : _SHIFT + span].astype(np.float32)
    energies = _inner(middles, middles)
    squares = np.pad(others.astype(np.float64) ** 2, ((0, 0), (1, 0), (1, 0))).cumsum(axis=1).cumsum(axis=2)
    best = np.zeros(len(details))
    for down in range(2 * _SHIFT + 1):
        for right in range(2 * _SHIFT + 1):
            window = others[:, down : down + span, right : right + span]
            end, far = down + span, right + span
            energy = squares[:, end, far] - squares[:, down, far] - squares[:, end, right] + squares[:, down, right]
            best = np.maximum(best, _inner(middles, window) / np.sqrt(np.maximum(energies * energy, 1)))
    return best


def _inner(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    products: np.ndarray = np.einsum("nij,nij->n", ones, others)
    return products.astype(np.float64)
