"""The source `shapes`: white shapes on coloured ground, painted on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from datasets.section_options import option
from datasets.sources.source import FixedListing, Places

if TYPE_CHECKING:
    from datasets.arrays import Arrays


@dataclass(frozen=True)
class Shapes:
    """A source of circles, crosses and squares."""

    count: int = option(100, words="how many pictures of each class there are", low=10, high=10_000)

    side: ClassVar[int] = 32
    classes: ClassVar[tuple[str, ...]] = ("circle", "cross", "square")

    def list(self, places: Places) -> FixedListing:
        """Returns the classes, which are always the same."""
        return FixedListing(self.classes)

    def load(self, listing: FixedListing, places: Places) -> Arrays:
        """Returns the pictures, class by class; all may train, validate or test."""
        import numpy as np

        from datasets.arrays import Arrays

        random = np.random.default_rng(1)
        labels = np.repeat(np.arange(len(self.classes)), self.count)
        pixels = np.empty((len(labels), self.side, self.side, 3), np.uint8)
        rows, columns = np.indices((self.side, self.side))
        for picture, label in zip(pixels, labels, strict=True):
            size = random.integers(4, 9)
            down, across = (abs(axis - random.integers(size, self.side - size)) for axis in (rows, columns))
            circle, cross, square = np.hypot(down, across), np.minimum(down, across) * 3, np.maximum(down, across)
            is_inside = np.maximum((circle, cross, square)[label], np.maximum(down, across)) <= size
            picture[:] = np.where(is_inside[..., None], 255, random.integers(0, 200, 3))
        return Arrays(pixels, labels, self.classes, train_count=len(labels))
