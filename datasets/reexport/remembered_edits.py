"""The edits that the folders do not show: of pictures whose class, old or new, is none of the data set's at present.

Kept in `export/memory.csv` in the data set's folder. While an export is under way it holds every edit there is, since
the folders do not show them until it has ended.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from datasets.damaged import DAMAGE, damaged, inner_path
from datasets.files.whole_file import whole_file
from datasets.reexport.edits import Edit, RememberedEdit
from datasets.tables import read_rows, write_rows

HEADER = ("identity", "gone", "subset", "class", "name", "tidy", "path", "sha256")

_WAY_OUT = (
    "Delete it, then run again: what you did to pictures of classes that are left out now, or whose source files are "
    "missing, is then forgotten"
)


class _Row(NamedTuple):
    identity: str
    gone: str  # gone or empty
    subset: str
    class_name: str
    name: str
    tidy: str  # tidy or empty
    path: str
    sha256: str

    def remembered(self) -> RememberedEdit:
        """Returns the edit that the row keeps."""
        edit = Edit(self.gone == "gone", self.subset, self.class_name, self.name, self.tidy == "tidy")
        return RememberedEdit(self.identity, edit, inner_path(self.path) if self.path else "", self.sha256)


def read_remembered(home: Path) -> list[RememberedEdit]:
    """Returns all edits that are remembered."""
    file = _file(home)
    if not file.exists():
        return []
    try:
        return [_Row(*row).remembered() for row in read_rows(file, HEADER)]
    except DAMAGE as error:
        raise damaged(file, error, _WAY_OUT) from error


def write_remembered(home: Path, remembered: Iterable[RememberedEdit]) -> None:
    """Remembers these edits, in place of all that were remembered before."""
    rows = [
        _Row(
            identity,
            "gone" if edit.gone else "",
            edit.subset,
            edit.class_name,
            edit.name,
            "tidy" if edit.is_tidy else "",
            path,
            sha256,
        )
        for identity, edit, path, sha256 in remembered
    ]
    with whole_file(_file(home), flushed=True) as unfinished:
        write_rows(unfinished, HEADER, rows)


def _file(home: Path) -> Path:
    return home / "export" / "memory.csv"
