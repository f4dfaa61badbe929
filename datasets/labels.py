"""The class of every picture in the folders, by a three-way rule.

A picture's class follows from what it was exported as, the folder it is in, and its name. Whichever of folder and name
was changed wins; where both were changed and differ, it is a conflict.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from datasets.contents import PictureFile
from datasets.matching import match_pictures
from datasets.naming import stated_label
from datasets.refusals import (
    refuse_closed_folders,
    refuse_conflicts,
    refuse_too_many_rejected,
    refuse_undeclared_folders,
)
from datasets.tables import ExportRow


class Labelled(NamedTuple):
    """A picture with its class, wherever it lies; its origin is None where it was added."""

    path: str
    sha256: str
    class_name: str
    origin: ExportRow | None


class Labels(NamedTuple):
    """The usable pictures, the exported ones that are gone, and why files cannot be used, by path."""

    pictures: list[Labelled]
    removed: list[ExportRow]
    rejected: Mapping[str, str]


class Conflict(NamedTuple):
    """The two readings of one picture, neither of which is how it was exported."""

    folder: str
    name: str
    exported: str

    def __str__(self) -> str:
        return f"the folder says {self.folder}, the name says {self.name}; exported as {self.exported}"


def class_of(folder: str, name: str, origin: ExportRow | None, classes: Sequence[str]) -> str | Conflict:
    """Returns the class of a picture by its class folder and its name; its origin is None where it was added."""
    label = None if origin is None else stated_label(name, len(classes))
    if origin is None or label is None or classes[label] in (folder, origin.class_name):
        return folder
    if folder == origin.class_name:
        return classes[label]
    return Conflict(folder, classes[label], origin.class_name)


def label_pictures(pictures: Sequence[PictureFile], exported: Sequence[ExportRow], classes: Sequence[str]) -> Labels:
    """Returns the class of every usable picture; raises a UserError that names all pictures without a clear one."""
    rejected = {path: reason for path, _, reason in pictures if reason}
    refuse_undeclared_folders(pictures, exported, classes)
    refuse_closed_folders(rejected, classes)
    refuse_too_many_rejected(rejected, len(pictures))
    usable = [picture for picture in pictures if picture.path not in rejected] if rejected else pictures
    matches, removed = match_pictures(usable, exported, rejected.keys())
    labelled, conflicts = [], []
    for (path, sha256, _), origin in matches:
        if origin is not None and origin.path == path:
            labelled.append(Labelled(path, sha256, origin.class_name, origin))
            continue
        _, folder, name = path.split("/", 2)
        class_name = class_of(folder, name, origin, classes)
        if isinstance(class_name, Conflict):
            conflicts.append(f"{path}: {class_name}")
        else:
            labelled.append(Labelled(path, sha256, class_name, origin))
    refuse_conflicts(conflicts)
    return Labels(labelled, removed, rejected)
