"""The journal of an export: what is about to be written. What a kill left out does not pass for deleted.

It lies beside the folders, in `export/journal`, and not in a result: while it is there the folders are not whole,
whatever the settings of the next command. Its first line says which export began, and how many pictures were in place
by then; these come next, and then the others, many at a time and before they are written.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from datasets.damaged import DAMAGE, damaged, inner_path
from datasets.files.sync import machine_start
from datasets.files.whole_file import write_whole
from datasets.folders import IMAGES, hold_files
from datasets.tables import ExportRow

_WAY_OUT = (
    "An export was stopped, and this says what it had written. Delete the file, then run again: pictures that it had "
    "not written yet will be taken for deleted, and `python -m pipeline restore` brings each back"
)
_MOVING_OLD_FILES = "making room"  # in place of a key: nothing is written yet


class Unexported(NamedTuple):
    """A file of the source that is no picture we can use, and why."""

    number: int
    file: str
    reason: str


def are_exported(home: Path) -> bool:
    """Returns whether there are pictures in a data set's folders, and no export into them was stopped."""
    return hold_files(home / IMAGES) and not ExportJournal(home).exists()


class ExportJournal:
    """The journal in a data set's folder, which need not be there."""

    def __init__(self, home: Path) -> None:
        self._path = home / "export" / "journal"

    def exists(self) -> bool:
        """Returns whether an export began and did not end."""
        return self._path.exists()

    def names(self, key: str) -> bool:
        """Returns whether the export of this key is the one that began."""
        return self.exists() and self._head["key"] == key

    @property
    def classes(self) -> list[str]:
        """The classes of the export that began."""
        return list(self._head["classes"])

    @property
    def source(self) -> tuple[str, dict[int, str]]:
        """The name of its source and, where pictures have files there, the file of each number."""
        files = self._head["files"]
        is_of_older_version = files and isinstance(files[0], str)  # which numbered files by their positions
        return self._head["source"], dict(enumerate(files) if is_of_older_version else files)

    @property
    def in_place_count(self) -> int:
        """The number of its pictures, the first ones, that were in place when it began."""
        return int(self._head.get("in_place", 0))

    @property
    def is_of_this_machine_start(self) -> bool:
        """Returns whether no power cut can have lost what was written since it began."""
        return self._head.get("machine_start", "") in ("", machine_start())

    def rows(self) -> list[ExportRow]:
        """Returns the pictures that were in place, and those that it wrote or was about to write."""
        return [ExportRow(*row) for kind, *row in self._lines[1:] if kind == "picture"]

    @property
    def is_moving_old_files(self) -> bool:
        """Returns whether it is still moving away what was there before."""
        return self.names(_MOVING_OLD_FILES)

    def begin_moving_old_files(
        self, classes: Sequence[str], source: str, files: Mapping[int, str], in_place: Sequence[ExportRow]
    ) -> None:
        """Notes, in place of any older journal, that an export begins by moving away what is in the folders."""
        self.begin(_MOVING_OLD_FILES, classes, source, files, in_place)

    def begin(
        self,
        key: str,
        classes: Sequence[str],
        source: str,
        files: Mapping[int, str],
        in_place: Sequence[ExportRow] = (),
    ) -> None:
        """Notes, in place of any older journal, that an export begins, and which of its pictures are in place."""
        head = {
            "key": key,
            "classes": list(classes),
            "source": source,
            "files": list(files.items()),
            "in_place": len(in_place),
            "machine_start": machine_start(),
        }
        write_whole(self._path, f"{json.dumps(head)}\n{_as_lines(in_place)}", flushed=True)
        self.__dict__.pop("_lines", None)

    def add(self, rows: Iterable[ExportRow]) -> None:
        """Notes what is about to be written, in one piece."""
        with self._path.open("ab") as file:
            file.write(_as_lines(rows).encode())
        self.__dict__.pop("_lines", None)

    def end(self) -> None:
        """Notes that the folders are whole, by deleting the journal."""
        self._path.unlink(missing_ok=True)

    @property
    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = self._lines[0]
        return head

    @cached_property
    def _lines(self) -> list[Any]:
        """The whole lines; a kill may have torn the last."""
        try:
            head, *rows = [json.loads(line) for line in self._path.read_text(encoding="utf-8").split("\n")[:-1]]
            if not {"key", "classes", "source", "files"} <= {*head}:
                raise ValueError("its first line names no export")
            for kind, *row in rows:
                inner_path(ExportRow(*row).path if kind == "picture" else kind)
        except DAMAGE as error:
            raise damaged(self._path, error, _WAY_OUT) from error
        return [head, *rows]


def _as_lines(rows: Iterable[ExportRow]) -> str:
    return "".join(f"{json.dumps(('picture', *row))}\n" for row in rows)
