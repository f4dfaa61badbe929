"""The moves of pictures within a data set's folder: every curation consists of these.

A deleted picture is moved to `changes/kept/`, and one that comes back is moved from there: nothing is ever lost. Every
move is journaled before it is made.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from datasets.curation.change_journal import ChangeJournal, Move
from datasets.errors import UserError
from datasets.files.move import end_stopped_move, move
from datasets.files.sync import sync_disks
from datasets.files.taken import is_taken

CHANGES = "changes"
_MOVED_AT_ONCE = 500


class LeftAloneError(Exception):
    """The reason why one picture is left as it is."""


class MovePlan(NamedTuple):
    """The moves to make, what cannot be moved and why (a line each), and how many pictures are in place already."""

    moves: list[Move]
    left_alone: list[str]
    already: int = 0
    blocked: int = 0  # of those left alone, how many only because something else is at their place


def change_journal(home: Path) -> ChangeJournal:
    """Returns the journal of a data set's folder."""
    return ChangeJournal(home / CHANGES / "journal")


def kept_folder(home: Path) -> str:
    """Returns the folder in which the next action keeps what it takes out of the folders, or is to put into them."""
    return f"{CHANGES}/kept/{change_journal(home).next_number()}"


def carry_out(
    home: Path,
    verb: str,
    classes: Sequence[str],
    export_digest: str,
    moves: Sequence[Move],
    undoes: int | None = None,
) -> list[str]:
    """Makes the moves; returns those that could not be made, since the folders changed after they were read."""
    _refuse_closed_folders(home, moves)
    journal = change_journal(home)
    journal.begin(verb, classes, export_digest, undoes)
    missed, to_make, done = [], iter(moves), 0
    try:
        while lot := list(islice(to_make, _MOVED_AT_ONCE)):
            journal.add(lot)
            for step in lot:
                missed += _make(home, step)
                done += 1
    except OSError as error:
        raise UserError(
            f"{error.filename2 or error.filename}: {error.strerror}. {done} of {len(moves)} moves were made before. "
            "Put that right and give the same command to go on, or take them back with `python -m pipeline undo`"
        ) from error
    sync_disks({(home / place).parent for step in moves for place in (step.source, step.target)})
    if not moves or len(missed) < len(moves):  # an undo that took nothing back does not count as one
        journal.end()
    return missed


def settle(home: Path) -> None:
    """Finishes a move to another disk that a kill stopped between the copying and the deleting."""
    for step in change_journal(home).unfinished_lot():
        source, target = home / step.source, home / step.target
        if digest(source) == digest(target) == step.sha256:
            end_stopped_move(source, target)


def digest(path: Path) -> str:
    """Returns the hash of a file's content; nothing where the file cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _make(home: Path, step: Move) -> list[str]:
    """Makes one move; returns why not, if it cannot be made."""
    source, target = home / step.source, home / step.target
    if is_taken(target):
        return [f"{step.source}: {step.target} is taken by now"]
    if not is_taken(source):
        return [f"{step.source}: has gone by now"]
    move(source, target)
    return []


def _refuse_closed_folders(home: Path, moves: Iterable[Move]) -> None:
    """Refuses folders that may not be changed, before the first move: half of the moves would help nobody."""
    folders = {(home / place).parent for step in moves for place in (step.source, step.target)}
    for folder in sorted(map(_first_there_is, folders)):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(f"{folder}: you may not change what is in this folder; nothing was touched")


def _first_there_is(folder: Path) -> Path:
    return folder if folder.exists() else _first_there_is(folder.parent)
