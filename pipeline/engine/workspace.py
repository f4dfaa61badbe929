"""The folder that holds everything generated: which version of the project laid it out.

Keeps the number of that layout in `.pigeonhole`; a note that cannot be made out counts as none.
"""

import re
from pathlib import Path

from datasets.errors import UserError
from datasets.files.whole_file import write_whole

_FORMAT = 2  # 1: the keys held every option, and whole modules
_NOTE = ".pigeonhole"


def check_workspace(folder: Path) -> None:
    """Refuses a folder that a newer version laid out."""
    made_by = _layout(folder)
    if made_by is not None and made_by > _FORMAT:
        raise UserError(
            f"{folder} was laid out by a newer version of this project (layout {made_by}, this one knows {_FORMAT}). "
            "Update the project, or set [paths] workspace in luigi.cfg to another folder. Nothing was touched"
        )


def is_of_older_version(folder: Path) -> bool:
    """Returns whether an older version laid the folder out, and `accept` has not carried it over yet."""
    return (_layout(folder) or _FORMAT) < _FORMAT


def refuse_older_version(folder: Path) -> None:
    """Refuses a folder in which everything would be built again, only because results are kept in another way now."""
    if is_of_older_version(folder):
        raise UserError(
            f"{folder} is of an older version of this project. `python -m pipeline accept` carries over what was "
            "exported and trained there; after that run the same command again. To start over instead, set [paths] "
            "workspace in luigi.cfg to another folder. Nothing was touched"
        )


def note_carried_over(folder: Path) -> None:
    """Notes that what an older version laid out is now as this version keeps it."""
    _write_note(folder)


def open_workspace(folder: Path) -> None:
    """Makes the folder where there is none; refuses one that another version laid out."""
    check_workspace(folder)
    refuse_older_version(folder)
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
    """Writes the note in one step: what a full disk leaves half-written must not pass for another version's."""
    write_whole(folder / _NOTE, f"{_FORMAT}\n", shared=True)
