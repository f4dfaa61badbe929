"""The journal of an export: what is about to be written, so that a killed export is told from pictures a user deleted.

It lies beside the folders, not in a result: while it is there they are not whole, whatever settings a run comes with.
Its first line says which export began; then come pictures, a lot at a time, each before it is written, and files of the
source that turned out to be no pictures.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from datasets.exported import Exported
from datasets.files.whole_file import write_whole

_MAKING_ROOM = "making room"  # in place of a key: nothing is written yet


class Unexported(NamedTuple):
    """A file of the source that is no picture we can use, and why."""

    number: int
    file: str
    reason: str


class Journal:
    """The journal at a path, which need not be there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def exists(self) -> bool:
        """Whether an export began and did not end."""
        return self._path.exists()

    def names(self, key: str) -> bool:
        """Whether it is the export of this key that began."""
        return self.exists() and self._head["key"] == key

    @property
    def classes(self) -> list[str]:
        """The classes of the export that began."""
        return list(self._head["classes"])

    @property
    def source(self) -> tuple[str, list[str]]:
        """The name of its source and, where pictures have files there, the file of each number."""
        return self._head["source"], self._head["files"]

    def rows(self) -> list[Exported]:
        """What it wrote, or was about to."""
        return [Exported(*row) for kind, *row in self._lines[1:] if kind == "picture"]

    def unexported(self) -> list[Unexported]:
        """What it could not export."""
        return [Unexported(*row) for kind, *row in self._lines[1:] if kind == "unexported"]

    @property
    def is_making_room(self) -> bool:
        """Whether what was there before still has to make room."""
        return self.names(_MAKING_ROOM)

    def make_room(self, classes: Sequence[str]) -> None:
        """Note, in place of any older journal, that an export begins by making room for itself."""
        self.begin(_MAKING_ROOM, classes, "", ())

    def begin(
        self,
        key: str,
        classes: Sequence[str],
        source: str,
        files: Sequence[str],
        rows: Iterable[Exported] = (),
        unexported: Iterable[Unexported] = (),
    ) -> None:
        """Note, in place of any older journal, that an export begins, and what of it is there already."""
        head = {"key": key, "classes": list(classes), "source": source, "files": list(files)}
        write_whole(self._path, f"{json.dumps(head)}\n{_as_lines(rows, unexported)}", flushed=True)
        self.__dict__.pop("_lines", None)

    def add(self, rows: Iterable[Exported], unexported: Iterable[Unexported]) -> None:
        """Note what is about to be written, in one piece."""
        with self._path.open("ab") as file:
            file.write(_as_lines(rows, unexported).encode())
        self.__dict__.pop("_lines", None)

    def end(self) -> None:
        """Note that the folders are whole, by going."""
        self._path.unlink(missing_ok=True)

    @property
    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = self._lines[0]
        return head

    @cached_property
    def _lines(self) -> list[Any]:
        """The whole lines; a kill may have torn the last."""
        return [json.loads(line) for line in self._path.read_text(encoding="utf-8").split("\n")[:-1]]


def _as_lines(rows: Iterable[Exported], unexported: Iterable[Unexported]) -> str:
    lines = [json.dumps(("picture", *row)) for row in rows] + [json.dumps(("unexported", *row)) for row in unexported]
    return "".join(f"{line}\n" for line in lines)
