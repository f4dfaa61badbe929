"""Computes the weights of a first convolution that whitens patches of pictures, so that it need not be learnt.

The weights are the directions in which patches of two by two pixels vary, each scaled to the same spread, and their
opposites.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras
    import numpy as np

SIDE = 2  # pixels of a patch
LEAST_VARIANCE = 5e-4  # added to each variance, so that a direction in which hardly anything varies is not blown up


def patch_channels(pixel_channels: int) -> int:
    """Returns how many channels the whitened patches have."""
    return 2 * SIDE**2 * pixel_channels


def whiten(layer: "keras.layers.Conv2D", pictures: Iterable["np.ndarray"]) -> None:
    """Sets the weights of a convolution with a bias so that it whitens patches of pictures like these.

    The pictures are scaled, and come in batches. The convolution has kernels of SIDE by SIDE.
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
    """Returns every patch as a row, float64."""
    import numpy as np

    patches = np.lib.stride_tricks.sliding_window_view(pictures, (SIDE, SIDE), axis=(1, 2))
    return patches.transpose(0, 1, 2, 4, 5, 3).reshape(-1, SIDE**2 * pictures.shape[-1]).astype(np.float64)
