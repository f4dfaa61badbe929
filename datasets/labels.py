"""The three-way rule: which label a picture has, by what it was exported as, the folder it is in, and its name.

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


def label_of(class_name: str, name: str, origin: Exported | None, classes: Sequence[str]) -> int | Conflict:
    """The label of a picture in a class's folder under a name, exported as its origin or added (None)."""
    folder = classes.index(class_name)
    if origin is None:
        return folder
    stated = stated_label(name, len(classes))
    if stated is None or stated in (folder, origin.label):
        return folder
    if folder == origin.label:
        return stated
    return Conflict(class_name, classes[stated], origin.class_name)
