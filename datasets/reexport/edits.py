"""The decisions of a person about exported pictures, in a form that outlives the export it was decided in."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from datasets.naming import with_label


class Edit(NamedTuple):
    """A decision about one picture; what is empty is as the picture was exported."""

    gone: bool = False
    subset: str = ""
    class_name: str = ""
    name: str = ""  # one of the user's own
    is_tidy: bool = False  # its name states the class it was given


GONE = Edit(gone=True)
AS_EXPORTED = Edit()


class RememberedEdit(NamedTuple):
    """A decision about the picture of an identity, and the file that alone stands for that picture, if there is one.

    That is so where the picture is not exported: its class is left out, or its file in the source is missing. The path
    of the file is relative to the data set's folder: `images/…`, or `aside/…` while its class is none of the data
    set's. Without a path, the hash is that of the only content that the decision is about.
    """

    identity: str
    edit: Edit
    path: str = ""
    sha256: str = ""


def target_path(edit: Edit, path: str, classes: Sequence[str]) -> str | None:
    """Returns where a picture exported to a path goes under a decision; None where it is not to be seen."""
    if edit.gone or (edit.class_name and edit.class_name not in classes):
        return None
    subset, class_name, name = path.split("/")
    if edit.is_tidy and edit.class_name:
        name = with_label(name, classes.index(edit.class_name), len(classes))
    return "/".join((edit.subset or subset, edit.class_name or class_name, edit.name or name))


class Identities:
    """The identity of each picture of a source, the same in every export: its file in the source, or its number."""

    def __init__(self, source: str, files: Mapping[int, str]) -> None:
        self.source, self.files = source, files
        self._numbers = {file: number for number, file in files.items()}

    def of(self, number: int) -> str:
        """Returns the identity of a number in this source."""
        return f"{self.source}:{self.files[number] if self.files else number}"

    def number(self, identity: str) -> int | None:
        """Returns the number of an identity in this source; None where it has none."""
        source, _, name = identity.partition(":")
        if source != self.source:
            return None
        return self._numbers.get(name) if self.files else int(name)
