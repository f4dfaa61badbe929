"""The folder that holds everything generated: which version of the project laid it out."""

from pathlib import Path

from datasets.errors import UserError

_FORMAT = 1
_NOTE = ".pigeonhole"


def open_workspace(folder: Path) -> None:
    """Make the folder where there is none; refuse one that a newer version laid out."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"{folder}: this folder cannot be made ({error.strerror}). "
            "Set [paths] workspace in luigi.cfg to one that can"
        ) from error
    note = folder / _NOTE
    if not note.exists():
        note.write_text(f"{_FORMAT}\n", encoding="utf-8")
        return
    made_by = note.read_text(encoding="utf-8").strip()
    if made_by.isdecimal() and int(made_by) <= _FORMAT:
        return
    raise UserError(
        f"{folder} was laid out by a newer version of this project (layout {made_by}, this one knows {_FORMAT}). "
        "Update the project, or set [paths] workspace in luigi.cfg to another folder. Nothing was touched"
    )
