"""CSV tables with a header: read into rows, written the same way every time."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any


def read_rows(path: Path) -> Iterator[list[str]]:
    """The rows below the header."""
    with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = csv.reader(file)
        next(rows, None)
        yield from rows


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A header and rows, each line ended alike on every system."""
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
