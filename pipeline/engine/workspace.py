"""The folder that holds everything generated: which version of the project laid it out.

Keeps the number of that layout in `.pigeonhole`; a note that cannot be made out counts as none.
"""

import os
import re
from pathlib import Path

from datasets.errors import UserError

_FORMAT = 1
_NOTE = ".pigeonhole"


def check_workspace(folder: Path) -> None:
    """Refuse a folder that a newer version laid out."""
    made_by = _layout(folder)
    if made_by is not None and made_by > _FORMAT:
        raise UserError(
            f"{folder} was laid out by a newer version of this project (layout {made_by}, this one knows {_FORMAT}). "
            "Update the project, or set [paths] workspace in luigi.cfg to another folder. Nothing was touched"
        )


def open_workspace(folder: Path) -> None:
    """Make the folder where there is none; refuse one that a newer version laid out."""
    check_workspace(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"{folder}: this folder cannot be made ({error.strerror}). "
            "Set [paths] workspace in luigi.cfg to one that can"
        ) from error
    if _layout(folder) is None:
        _write_note(folder)


def _layout(folder: Path) -> int | None:
    try:
        number = re.match(rb"\d+", (folder / _NOTE).read_bytes())
    except OSError:
        return None
    return int(number[0]) if number else None


def _write_note(folder: Path) -> None:
    """In one step: what a full disk leaves half-written must not pass for another version's."""
    written = folder / f"{_NOTE}.{os.getpid()}"
    try:
        written.write_text(f"{_FORMAT}\n", encoding="utf-8")
        written.replace(folder / _NOTE)
    finally:
        written.unlink(missing_ok=True)
