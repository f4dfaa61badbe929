"""Writes a verb's table where the user works, and never over a file that the verb did not write."""

import csv
import os
from collections.abc import Iterable, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from datasets.errors import UserError
from datasets.files.whole_file import whole_file
from datasets.tables import write_rows


def check_user_csv(path: Path, header_start: Sequence[str]) -> None:
    """Refuses a path that cannot be written, or that holds a file whose header starts otherwise."""
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UserError(f"{path}: no file can be written there; name another with --output FILE.csv")
    if path.exists() and path.stat().st_size and _header(path)[: len(header_start)] != list(header_start):
        raise UserError(
            f"{path} exists, and this verb did not write it; move it, or name another file with --output FILE.csv"
        )


def write_user_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes a table to a path that `check_user_csv` passed: the whole table is there, or what was there before."""
    is_file = path.is_file() or not path.exists()  # a pipe cannot be replaced
    try:
        with whole_file(Path(os.path.realpath(path))) if is_file else nullcontext(path) as place:
            write_rows(place, header, rows)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; name another with --output FILE.csv") from error


def _header(path: Path) -> list[str]:
    with suppress(OSError, csv.Error), path.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        return next(csv.reader(lines), [])
    return []
