"""The journal of an export: what is about to be written, so that a killed export is told from pictures a user deleted.

It lies beside the folders, not in a result: while it is there they are not whole, whatever settings a run comes with.
Its first line says which export began; then come rows as in export.csv, a lot at a time, each before it is written.
"""

from collections.abc import Iterable
from pathlib import Path

from datasets.exported import Exported

REPLACED = "replaced"  # in place of a key: pictures that make room for an export with other settings


class Journal:
    """The journal at a path, which need not be there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def exists(self) -> bool:
        """Whether an export began and did not end."""
        return self._path.exists()

    def names(self, key: str) -> bool:
        """Whether it is the export of this key that began."""
        return self._lines()[:1] in ([f"{key} {True}"], [f"{key} {False}"])

    def applies_edits(self) -> bool:
        """Whether known edits are applied anew in that export."""
        return self._lines()[0].endswith(str(True))

    def rows(self) -> list[Exported]:
        """What it wrote, or was about to."""
        rows = (line.split(",") for line in self._lines()[1:])
        return [Exported(path, int(number), int(label), name, sha256) for path, number, label, name, sha256 in rows]

    def begin(self, key: str, applies_edits: bool, rows: Iterable[Exported] = ()) -> None:
        """Note, in place of any older journal, that an export begins, and what of it is there already."""
        begun = self._path.with_name(f".{self._path.name}.begun")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        begun.write_text(f"{key} {applies_edits}\n{_as_lines(rows)}", encoding="utf-8")
        begun.replace(self._path)

    def add(self, rows: Iterable[Exported]) -> None:
        """Note what is about to be written, in one piece."""
        with self._path.open("ab", buffering=0) as file:
            file.write(_as_lines(rows).encode())

    def end(self) -> None:
        """Note that the folders are whole, by going."""
        self._path.unlink(missing_ok=True)

    def _lines(self) -> list[str]:
        """The whole lines; a kill may have torn the last."""
        return self._path.read_text(encoding="utf-8").split("\n")[:-1]


def _as_lines(rows: Iterable[Exported]) -> str:
    return "".join(f"{','.join(map(str, row))}\n" for row in rows)
