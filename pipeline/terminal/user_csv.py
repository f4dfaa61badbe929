"""A table that a verb writes where the user works: never over a file that is none of its own."""

import csv
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from datasets.errors import UserError
from datasets.tables import write_rows


def own_place(path: Path, begins_with: Sequence[str]) -> Path:
    """The path, if a table whose header begins so can be written there."""
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UserError(f"{path}: no file can be written there; name another with --output FILE.csv")
    if path.exists() and path.stat().st_size and _header(path)[: len(begins_with)] != list(begins_with):
        raise UserError(f"{path} is there, and not by this verb; move it, or name another with --output FILE.csv")
    return path


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    try:
        write_rows(path, header, rows)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; name another with --output FILE.csv") from error


def _header(path: Path) -> list[str]:
    with suppress(OSError, csv.Error), path.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        return next(csv.reader(lines), [])
    return []
