"""The pictures of a source, by their positions."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Pixels(Protocol):
    """An array of all pictures, or something that decodes each when it is asked for, by its position."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The count, the height, the width, and 3."""

    def __getitem__(self, position: int, /) -> np.ndarray:
        """Returns one picture, uint8 [height, width, 3]; raises UnreadablePictureError where it cannot be decoded."""


@dataclass(frozen=True)
class Arrays:
    """The pictures of a source: the training ones first, then the test ones."""

    pixels: Pixels
    labels: np.ndarray  # int64 [n], an index into classes
    classes: tuple[str, ...]
    train_count: int
    files: tuple[str, ...] = ()  # the file of each position within the source, where every picture has one of its own
    fit: str = "crop"  # how a picture of another size is brought to this one
