"""Every picture in the folders with the class it has, or what stops us from saying so."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from datasets.contents import Picture
from datasets.exported import Exported
from datasets.labels import Conflict, class_of
from datasets.matching import match_pictures
from datasets.refusals import (
    refuse_closed_folders,
    refuse_conflicts,
    refuse_too_many_rejected,
    refuse_undeclared_folders,
)


class Labelled(NamedTuple):
    """A picture with its class, wherever it lies; its origin is None where it was added."""

    path: str
    sha256: str
    class_name: str
    origin: Exported | None


class Labels(NamedTuple):
    """All usable pictures, what was exported and is gone, and why files cannot be used, by path."""

    pictures: list[Labelled]
    removed: list[Exported]
    rejected: Mapping[str, str]


def label_pictures(pictures: Sequence[Picture], exported: Sequence[Exported], classes: Sequence[str]) -> Labels:
    """Hold the folders against what was exported; nothing is said of some where not all can be."""
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
