"""The sources CIFAR-10 and CIFAR-100."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from datasets.section_options import option
from datasets.sources.cifar.classes import CLASSES
from datasets.sources.source import ListedFiles, Places

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

    def list(self, places: Places) -> ListedFiles:
        """Returns the files that the user named, which must be there, or those in a Keras cache.

        Where there are none, the pictures are the published ones, which are downloaded.
        """
        from datasets.sources.cifar.file_sets import NothingFoundError, list_files

        place = places.archives or places.keras_home / "datasets"
        try:
            files = list_files(place, self.kind)
        except NothingFoundError:
            if places.archives is not None:
                raise
            files = {}
        return ListedFiles(self.classes, place.parent if place.is_file() else place, files)

    def load(self, listing: ListedFiles, places: Places) -> Arrays:
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
