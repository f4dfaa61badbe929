"""The sample as a source: six classes of small pictures, painted on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from datasets.section_options import option
from datasets.sources.sample.roster import SAMPLE
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
        from datasets.sources.sample.load_sample import load

        return load()
