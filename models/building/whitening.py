"""Patches of pictures without correlation: what a first layer would otherwise have to learn, worked out beforehand.

The directions in which patches of two by two pixels vary most, each brought to the same spread, and their opposites.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras
    import numpy as np

SIDE = 2  # pixels of a patch
LEAST_VARIANCE = 5e-4  # added to each direction's, so that one along which hardly anything varies is not blown up


def channels(of_pixels: int) -> int:
    """How many numbers stand for a patch."""
    return 2 * SIDE**2 * of_pixels


def whiten(layer: "keras.layers.Conv2D", pictures: Iterable["np.ndarray"]) -> None:
    """Give a convolution of SIDE by SIDE, with a bias, the weights that whiten patches of pictures such as these.

    The pictures are scaled, and come in batches.
    """
    import numpy as np

    count, total, products = 0, np.zeros(()), np.zeros(())
    for batch in pictures:
        patches = patches_of(batch)
        count += len(patches)
        total = total + patches.sum(axis=0)
        products = products + patches.T @ patches
    mean = total / count
    variances, directions = np.linalg.eigh(products / count - np.outer(mean, mean))
    directions = directions / np.sqrt(np.maximum(variances, 0) + LEAST_VARIANCE)
    both = np.concatenate([directions, -directions], axis=1)
    layer.set_weights([both.reshape(layer.kernel.shape), -mean @ both])


def patches_of(pictures: "np.ndarray") -> "np.ndarray":
    """Every patch, a row each, float64."""
    import numpy as np

    patches = np.lib.stride_tricks.sliding_window_view(pictures, (SIDE, SIDE), axis=(1, 2))
    return patches.transpose(0, 1, 2, 4, 5, 3).reshape(-1, SIDE**2 * pictures.shape[-1]).astype(np.float64)
