"""The pairs of pictures that may be alike: every picture is compared with every other, by sketches of 64 numbers.

The products of sketches are products of matrices, which for 60,000 pictures take two cores about as long as decoding
those does: an index of neighbours, such as that of faiss, would be one more dependency to save a part of that. How
alike the pairs found here are, likeness.py says.
"""

from collections.abc import Callable, Iterator

import numpy as np

from datasets.duplicates.looks import BLOCKS, UNIT, Looks, as_directions, sum_blocks

MOST_CANDIDATES = 1000
"""A picture with more candidates is of a kind that all look alike, among which no copy can be found."""

_LEAST_SKETCH_LIKENESS = 0.55  # of pictures that are alike, one pair in forty has less (CIFAR-10)
_ROWS, _COLUMNS = 1024, 4096
_PAIRS_AT_ONCE = 1 << 14


def find_candidates(
    looks: Looks, views: tuple[Looks, ...], first: int, least_likeness: float, advance: Callable[[int], None]
) -> tuple[list[np.ndarray], np.ndarray]:
    """Returns an array of pairs for each view, and the number of pairs that each picture is in.

    A pair is two row numbers, of pictures that may be alike. The rows before `first` are not compared with each other.
    """
    counts = np.zeros(len(looks.hashes), np.int64)
    found = [[np.empty((0, 2), np.int32)] for _ in views]
    sketches, others = _sketch(looks.details), [_sketch(view.details) for view in views]
    for top in range(first, len(sketches), _ROWS):
        rows = sketches[top : top + _ROWS]
        for view, columns, kept in zip(views, others, found, strict=True):
            for pairs in _pairs_of_like_sketches(rows, top, columns[: top + len(rows)]):
                fits = pairs[_are_few(counts, pairs).any(axis=1)]  # the others are known to have too many
                fits = fits[_have_like_colours(looks, view, fits, least_likeness)]
                counts += np.bincount(fits.ravel(), minlength=len(counts))
                kept.append(fits[_are_few(counts, fits).all(axis=1)])
        advance(len(rows))
    candidates = [np.concatenate(pairs) for pairs in found]
    return [pairs[_are_few(counts, pairs).all(axis=1)] for pairs in candidates], counts


def compare_colours(looks: Looks, view: Looks, pairs: np.ndarray) -> np.ndarray:
    """Returns the correlation of the colours of each pair, in coarse blocks."""
    ones, others = looks.colours[pairs[:, 0]].astype(np.float32), view.colours[pairs[:, 1]].astype(np.float32)
    products: np.ndarray = np.einsum("ij,ij->i", ones, others).astype(np.float64) / UNIT**2
    return products


def _have_like_colours(looks: Looks, view: Looks, pairs: np.ndarray, least: float) -> np.ndarray:
    lots = np.array_split(pairs, len(pairs) // _PAIRS_AT_ONCE + 1)
    return np.concatenate([compare_colours(looks, view, lot) >= least for lot in lots])


def _are_few(counts: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    few: np.ndarray = counts[pairs] <= MOST_CANDIDATES
    return few


def _sketch(details: np.ndarray) -> np.ndarray:
    return as_directions(sum_blocks(details).reshape(-1, BLOCKS * BLOCKS), 1).astype(np.float32)


def _pairs_of_like_sketches(rows: np.ndarray, top: int, columns: np.ndarray) -> Iterator[np.ndarray]:
    for left in range(0, len(columns), _COLUMNS):
        products = rows @ columns[left : left + _COLUMNS].T
        below, beside = np.divmod(np.flatnonzero(products > _LEAST_SKETCH_LIKENESS * UNIT**2), products.shape[1])
        pairs = np.column_stack([below + top, beside + left]).astype(np.int32)
        yield pairs[pairs[:, 1] < pairs[:, 0]]  # each once, and none with itself
