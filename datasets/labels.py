"""The three-way rule: which class a picture has, by what it was exported as, the folder it is in, and its name.

Whichever of folder and name was changed wins; both changed and different is a conflict.
"""

from collections.abc import Sequence
from typing import NamedTuple

from datasets.exported import Exported
from datasets.naming import stated_label


class Conflict(NamedTuple):
    """Two readings of one picture, neither of which is how it was exported."""

    folder: str
    name: str
    exported: str

    def __str__(self) -> str:
        return f"the folder says {self.folder}, the name says {self.name}; exported as {self.exported}"


def class_of(folder: str, name: str, origin: Exported | None, classes: Sequence[str]) -> str | Conflict:
    """The class of a picture in a class's folder under a name, exported as its origin or added (None)."""
    label = None if origin is None else stated_label(name, len(classes))
    if origin is None or label is None or classes[label] in (folder, origin.class_name):
        return folder
    if folder == origin.class_name:
        return classes[label]
    return Conflict(folder, classes[label], origin.class_name)
