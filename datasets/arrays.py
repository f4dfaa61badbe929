"""What every source gives: its pictures as one array, in the order that numbers them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Arrays:
    """Pictures numbered by position: the training ones first, then the test ones."""

    pixels: np.ndarray  # uint8 [n, height, width, 3]
    labels: np.ndarray  # int64 [n], an index into classes
    classes: tuple[str, ...]
    train_count: int
