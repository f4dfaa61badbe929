"""The sources of pictures, and what each must offer: the written contract for a source of one's own.

A package adds a source by an entry point of the group `pigeonhole.sources`, as `squares = "squares.source:Squares"`. A
section `[dataset:NAME]` with `source = squares` then uses it. The sources of this project come through the same door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, runtime_checkable

from datasets.errors import UserError
from datasets.folders import Stat
from datasets.plugins import Offer, load, offers

if TYPE_CHECKING:  # naming sources must not load numpy: a command with nothing to do never needs it
    from datasets.arrays import Arrays

BUILT_IN = {
    "sample": "datasets.sources.sample.sample_source:SampleSource",
    "cifar10": "datasets.sources.cifar.cifar_source:Cifar10Source",
    "cifar100": "datasets.sources.cifar.cifar_source:Cifar100Source",
    "folder": "datasets.sources.folder.folder_source:FolderSource",
}


class Places(NamedTuple):
    """The folders that a source may read from or write to."""

    workspace: Path  # holds everything generated; no pictures are read from there
    downloads: Path  # keeps what was downloaded
    keras_home: Path  # ~/.keras, or what KERAS_HOME says
    archives: Path | None = None  # a folder or an archive to read CIFAR from, and from nowhere else


class Listing(Protocol):
    """The state of a source at present, found without opening a picture."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of their labels."""

    @property
    def summary(self) -> str:
        """A text that changes with the pictures; empty where the options and the code decide them alone."""


class FixedListing(NamedTuple):
    """A listing of pictures that are always the same."""

    classes: tuple[str, ...]
    summary: str = ""


@runtime_checkable
class FileListing(Listing, Protocol):
    """A listing of the files that a source reads: what they hold then counts too, and each is read once to know it."""

    @property
    def root(self) -> Path:
        """The folder that the files lie in or below."""

    @property
    def stats(self) -> Mapping[str, Stat]:
        """The stat of each file by its path within the root; the size of what cannot be read as a file is below 0."""


class ListedFiles(NamedTuple):
    """A listing of files whose contents alone say which pictures there are."""

    classes: tuple[str, ...]
    root: Path
    stats: Mapping[str, Stat]
    summary: str = ""


OwnListing = TypeVar("OwnListing", bound=Listing)


class Source(Protocol[OwnListing]):
    """A source: pictures of two classes or more, all of one size.

    The class of a source is a frozen dataclass. Its fields are the options that it reads from `[dataset:NAME]`, beside
    those that every data set has; declare each with `datasets.section_options.option`. Importing its module and making
    one must be quick and look at no file: that is done at every command. Import numpy and the like inside `load`.
    """

    def __hash__(self) -> int:
        """Returns a hash of the options, which a frozen dataclass has."""

    @property
    def side(self) -> int:
        """The height and width of every picture, in pixels."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of their labels; none where only `list` can tell them."""

    def list(self, places: Places) -> OwnListing:
        """Returns what the source holds now; the listing may be of a class of its own, or a FixedListing.

        Raises SourceGoneError where the source is out of reach at present (the last export then stands), and UserError
        where the user must put something right.
        """

    def load(self, listing: OwnListing, places: Places) -> Arrays:
        """Returns all pictures of a listing, the training ones first.

        A picture is known by its file, where `files` names one for each; else by its position.
        """


class SourceGoneError(UserError):
    """The error that a source, or a part of it, is not there or cannot be read: its disk may not be connected."""


def is_source(name: str) -> bool:
    """Returns whether there is a source of that name."""
    return name in BUILT_IN or name in offers("sources", BUILT_IN)


def source_names() -> list[str]:
    """Returns the names of all sources, the built-in ones first."""
    return list(offers("sources", BUILT_IN))


def source_reference(name: str) -> str:
    """Returns the `module:object` of a source: the class whose code decides what its export holds."""
    return _offer(name).reference


def source_class(name: str) -> type:
    """Returns the class of a source."""
    offer = _offer(name)
    found = load(offer)
    members = ("side", "classes", "list", "load")
    missing = [member for member in members if not hasattr(found, member) and member not in _annotations(found)]
    if not isinstance(found, type) or not is_dataclass(found) or missing:
        raise UserError(
            f"the package {offer.package} offers the source {name} as {offer.reference}, which is no source: that is a "
            f"frozen dataclass with {', '.join(members)}. Update that package or uninstall it"
        )
    return found


def _annotations(found: object) -> dict[str, object]:
    return dict(getattr(found, "__annotations__", {}))


def _offer(name: str) -> Offer:
    """Returns where a source is; looks for those of other packages only where it is none of this project's."""
    return Offer(name, BUILT_IN[name]) if name in BUILT_IN else offers("sources", BUILT_IN)[name]
