"""Writes a verb's table where the user works, and never over a file that is there."""

import os
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from itertools import chain, count
from pathlib import Path
from typing import Any

from datasets.errors import UserError
from datasets.files.taken import is_taken
from datasets.files.whole_file import whole_file
from datasets.tables import write_rows


def check_user_csv(named: Path | None, default: str) -> None:
    """Refuses a path that no table can be written to, or that holds a file which is not empty."""
    path = Path(default) if named is None else named
    if (named and path.is_dir()) or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UserError(f"{path}: no file can be written there; name another with --output FILE.csv")
    if named and path.is_file() and path.stat().st_size:
        raise UserError(f"{path} exists; move it, or name another file with --output FILE.csv")


def write_user_csv(
    named: Path | None, default: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> tuple[Path, str]:
    """Writes a table, whole or not at all, to the path that was named, or else to the first free name.

    Returns the path, and a note where the default name was taken.
    """
    path = named or _first_free(Path(default))
    is_file = path.is_file() or not path.exists()  # a pipe cannot be replaced
    try:
        with whole_file(Path(os.path.realpath(path))) if is_file else nullcontext(path) as place:
            write_rows(place, header, rows)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; name another with --output FILE.csv") from error
    return path, "" if named or path == Path(default) else f"  {default} was there already"


def _first_free(path: Path) -> Path:
    """Returns the path, or the first of `NAME-2.csv`, `NAME-3.csv` that is not there."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(free for free in chain([path], numbered) if not is_taken(free))
