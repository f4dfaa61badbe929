"""Walks through a folder: what the system refuses to list does not pass for an empty folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn


def all_below(folder: Path) -> Iterator[Path]:
    """Yields every file, link and folder below a folder; raises what the system refuses to list."""
    for place, folders, files in os.walk(folder, onerror=refuse):
        yield from (Path(place) / name for name in (*folders, *files))


def refuse(error: OSError) -> NoReturn:
    """Raises the error of a walk, which else passes over it."""
    raise error
