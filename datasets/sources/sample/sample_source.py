"""The sample as a source: six classes of small pictures, painted on the spot, so that a first run needs no download.

Reads and writes nothing. Some labels are wrong, and some test pictures nearly repeat a training picture; flaws.py says
which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from datasets.section_options import option
from datasets.sources.sample.roster import SAMPLE, TEST_COUNT, TRAIN_COUNT, true_label
from datasets.sources.source import FixedListing, Places

if TYPE_CHECKING:
    from datasets.arrays import Arrays


@dataclass(frozen=True)
class SampleSource:
    """The embedded sample, which needs no network."""

    labels: str = option("fine", words="the set of labels", called="set of labels", choices=("fine",))

    side: ClassVar[int] = 32
    classes: ClassVar[tuple[str, ...]] = SAMPLE

    def list(self, places: Places) -> FixedListing:
        """Returns the classes."""
        return FixedListing(self.classes)

    def load(self, listing: FixedListing, places: Places) -> Arrays:
        """Returns the painted pictures."""
        return paint_sample()


def paint_sample(seed: int = 0) -> Arrays:
    """Returns 1,200 training and 300 test pictures, equally many of each class; a seed always gives the same bytes."""
    import numpy as np

    from datasets.arrays import Arrays
    from datasets.sources.sample.flaws import near_duplicates, wrong_labels
    from datasets.sources.sample.painting import paint_again, paint_picture

    numbers = range(TRAIN_COUNT + TEST_COUNT)
    labels = np.array([true_label(number) for number in numbers], np.int64)
    for flaw in wrong_labels(seed):
        labels[flaw.number] = flaw.given_label
    originals = {pair.test_number: pair.train_number for pair in near_duplicates(seed)}
    pixels = [
        paint_again(seed, originals[number]) if number in originals else paint_picture(seed, number)
        for number in numbers
    ]
    return Arrays(np.stack(pixels), labels, SAMPLE, TRAIN_COUNT)
