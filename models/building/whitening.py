"""Patches of pictures without correlation: what a first layer would otherwise have to learn, worked out beforehand.

The directions in which patches of two by two pixels vary most, each brought to the same spread, and their opposites.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras
    import numpy as np

SIDE = 2  # pixels of a patch
LEAST_VARIANCE = 5e-4  # added to each direction's, so that one along which hardly anything varies is not blown up


def channels(of_pixels: int) -> int:
    """How many numbers stand for a patch."""
    return 2 * SIDE**2 * of_pixels


def whiten(layer: "keras.layers.Conv2D", scaled: "np.ndarray") -> None:
    """Give a convolution of SIDE by SIDE, with a bias, the weights that whiten patches of pictures such as these."""
    import numpy as np

    patches = np.lib.stride_tricks.sliding_window_view(scaled, (SIDE, SIDE), axis=(1, 2))
    patches = patches.transpose(0, 1, 2, 4, 5, 3).reshape(-1, SIDE**2 * scaled.shape[-1]).astype(np.float64)
    mean = patches.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(patches.T))
    directions = directions / np.sqrt(variances + LEAST_VARIANCE)
    both = np.concatenate([directions, -directions], axis=1)
    layer.set_weights([both.reshape(SIDE, SIDE, scaled.shape[-1], -1), -mean @ both])
