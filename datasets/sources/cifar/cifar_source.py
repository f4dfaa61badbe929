"""The sources CIFAR-10 and CIFAR-100."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from datasets.section_options import option
from datasets.sources.cifar.classes import CLASSES
from datasets.sources.source import FixedListing, Places

if TYPE_CHECKING:
    from datasets.arrays import Arrays


class _Cifar:
    """The source that both kinds of CIFAR are."""

    kind: ClassVar[str]
    side: ClassVar[int] = 32
    labels: str

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the chosen set of labels."""
        return CLASSES[self.kind][self.labels]

    def list(self, places: Places) -> FixedListing:
        """Returns the classes; the pictures are the published ones, wherever they are read from."""
        return FixedListing(self.classes)

    def load(self, listing: FixedListing, places: Places) -> Arrays:
        """Returns all pictures, from the first place that has them."""
        from datasets.sources.cifar.load_cifar import load

        return load(self.kind, self.labels, places)


@dataclass(frozen=True)
class Cifar10Source(_Cifar):
    """The CIFAR-10 pictures: 60,000 of ten classes."""

    kind: ClassVar[str] = "cifar10"
    labels: str = option("fine", words="the set of labels", called="set of labels", choices=tuple(CLASSES["cifar10"]))


@dataclass(frozen=True)
class Cifar100Source(_Cifar):
    """The CIFAR-100 pictures: 60,000 of a hundred classes, or of twenty superclasses."""

    kind: ClassVar[str] = "cifar100"
    labels: str = option(
        "fine",
        words="the classes (fine) or the superclasses (coarse)",
        called="set of labels",
        choices=tuple(CLASSES["cifar100"]),
    )
