"""What every source gives: its pictures, in the order that numbers them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Pixels(Protocol):
    """Pictures by number: an array of all, or something that decodes each when it is asked for."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Count, height, width, 3."""

    def __getitem__(self, number: int, /) -> np.ndarray:
        """uint8 [height, width, 3]; one that decodes raises UnreadablePictureError where it cannot."""


@dataclass(frozen=True)
class Arrays:
    """Pictures numbered by position: the training ones first, then the test ones."""

    pixels: Pixels
    labels: np.ndarray  # int64 [n], an index into classes
    classes: tuple[str, ...]
    train_count: int
    files: tuple[str, ...] = ()  # each number's file within the source, where every picture has one of its own
    fit: str = "crop"  # how a picture of another size is brought to this one
