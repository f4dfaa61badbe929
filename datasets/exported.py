"""What was exported: the rows of export.csv."""

from pathlib import Path
from typing import NamedTuple

from datasets.tables import read_rows

HEADER = ("path", "number", "label", "class", "sha256")


class Exported(NamedTuple):
    """One picture as it was exported; its number is its position in the source."""

    path: str
    number: int
    label: int
    class_name: str
    sha256: str


def read_exported(export_csv: Path) -> list[Exported]:
    """The pictures that were exported, in the order of their numbers."""
    return [
        Exported(path, int(number), int(label), class_name, sha256)
        for path, number, label, class_name, sha256 in read_rows(export_csv)
    ]
