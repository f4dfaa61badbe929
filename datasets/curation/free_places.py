"""The free places for pictures in class folders, under names that agree with the folder."""

import os
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

from datasets.curation.changes import LeftAloneError
from datasets.files.taken import is_taken
from datasets.folders import IMAGES
from datasets.naming import stated_label, with_label
from datasets.tables import ExportRow

_LONGEST_NAME_BYTES = 255


def agreeing_name(name: str, label: int, class_count: int) -> str:
    """Returns the name with this label in place of another that it states; a name that states none stays."""
    if stated_label(name, class_count) in (None, label):
        return name
    return with_label(name, label, class_count)


class FreePlaces:
    """The places in `images/` that are taken: by a file, or by a picture that is about to be moved there."""

    def __init__(self, home: Path, exported: Sequence[ExportRow]) -> None:
        self._home, self._given = home, set[str]()
        self._exported = {origin.path for origin in exported}

    def near(self, folder: str, name: str, origin: ExportRow | None) -> str:
        """Returns `images/FOLDER/NAME`, with a number where that is taken, and takes it.

        A place that another picture was exported to is taken even when it is empty: what lies there would pass for
        that picture, repainted.
        """
        for candidate in _numbered(name):
            path = f"{folder}/{candidate}"
            if len(os.fsencode(candidate)) > _LONGEST_NAME_BYTES:
                raise LeftAloneError("its name leaves no room for another number; shorten it")
            is_anothers = path in self._exported and not (origin and origin.path == path)
            if not (is_anothers or path in self._given or is_taken(self._home / IMAGES / path)):
                self._given.add(path)
                return IMAGES + path
        raise AssertionError("numbers do not end")


def _numbered(name: str) -> Iterable[str]:
    """Yields the names `a.png`, `a (2).png`, `a (3).png` and so on."""
    yield name
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - Path would take a name of dots for a folder
    yield from (f"{stem} ({number}){suffix}" for number in count(2))
