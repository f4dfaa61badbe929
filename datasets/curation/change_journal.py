"""The journal of curations: what each action moves, a lot at a time, written before it is moved and never changed.

Kept in `changes/journal` in the data set's folder. Each line is a record in JSON: an action begins, moves a lot, or
ends.
"""

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from datasets.damaged import DAMAGE, DamagedFileError, damaged, inner_path, refuse_unlike

_BEGINNING = '{"action":'
_WAY_OUT = (
    "Move it away, then give the same command again, and a new journal begins. `undo` no longer knows then what was "
    "done before; what was taken out of the folders stays beside it in kept/"
)


class Move(NamedTuple):
    """A file moved within the data set's folder, to which both places are relative."""

    source: str
    target: str
    sha256: str
    copies: Collection[str] = ()  # all places of the same content then: files there are not the moved one


@dataclass
class Action:
    """The moves that one command made; an action that did not end was stopped on the way."""

    number: int
    verb: str
    began: str
    classes: list[str]
    undoes: int | None
    export_digest: str = ""  # older versions did not note it
    lots: list[list[Move]] = field(default_factory=list)
    ended: bool = False

    @property
    def moves(self) -> list[Move]:
        """The moves of all lots, in their order."""
        return [move for lot in self.lots for move in lot]


class ChangeJournal:
    """The journal at a path, which need not be there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, verb: str, classes: Sequence[str], export_digest: str, undoes: int | None = None) -> None:
        """Notes that an action begins; the empty line before it ends one that a kill may have torn."""
        now = datetime.now().astimezone().isoformat(" ", "minutes")
        record = {"number": self.next_number(), "verb": verb, "began": now, "classes": list(classes), "undoes": undoes}
        record["export_digest"] = export_digest
        self._append("\n" + json.dumps({"action": record}))

    def add(self, moves: Sequence[Move]) -> None:
        """Notes what the action is about to move."""
        copies = {move.sha256: sorted(move.copies) for move in moves if move.copies}
        self._append(json.dumps({"moves": [move[:3] for move in moves], "copies": copies}))

    def end(self) -> None:
        """Notes that all of it is done."""
        self._append(json.dumps({"ended": True}))

    def actions(self) -> list[Action]:
        """Returns every action, the oldest first."""
        try:
            return _actions(self._records())
        except DamagedFileError:
            raise
        except DAMAGE as error:
            raise damaged(self._path, error, _WAY_OUT) from error

    def next_number(self) -> int:
        """Returns the number of the action that begins next, which no folder of kept files has."""
        kept = [int(folder.name) for folder in self._path.parent.glob("kept/*") if folder.name.isdecimal()]
        return 1 + max([action.number for action in self.actions()] + kept, default=0)

    def to_undo(self) -> list[Action]:
        """Returns the actions that were not taken back, the newest first."""
        actions = self.actions()
        undone = {action.undoes for action in actions if action.ended}
        return [a for a in reversed(actions) if a.undoes is None and a.moves and a.number not in undone]

    def unfinished_lot(self) -> list[Move]:
        """Returns the lot in which the last action was stopped; nothing where it ended."""
        last = self.actions()[-1:]
        return last[0].lots[-1] if last and last[0].lots and not last[0].ended else []

    def _append(self, line: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _records(self) -> list[dict[str, Any]]:
        """Returns the records of all whole lines: nothing of a torn one was moved yet."""
        if not self._path.exists():
            return []
        try:
            lines = self._path.read_text(encoding="ascii").split("\n")
            # A kill tears a line only at the end of the journal, or where the next action begins.
            may_be_torn = {line for line, after in pairwise([*lines, ""]) if not after or after.startswith(_BEGINNING)}
            return [_record(line) for line in lines if line and (line not in may_be_torn or _is_whole(line))]
        except DAMAGE as error:
            raise damaged(self._path, error, _WAY_OUT) from error


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _record(line: str) -> dict[str, Any]:
    record = json.loads(line)
    if not isinstance(record, dict) or not record.keys() & {"action", "moves", "ended"}:
        raise ValueError(f"the line {line[:100]} is no record of it")
    return record


def _actions(records: Sequence[dict[str, Any]]) -> list[Action]:
    actions: list[Action] = []
    for record in records:
        if "action" in record:
            actions.append(_action(**record["action"]))
        elif "moves" in record:
            copies = {sha256: frozenset(paths) for sha256, paths in record.get("copies", {}).items()}
            actions[-1].lots.append([_move(copies, *move) for move in record["moves"]])
        else:
            actions[-1].ended = True
    return actions


def _action(
    number: int, verb: str, began: str, classes: list[str], undoes: int | None = None, export_digest: str = ""
) -> Action:
    refuse_unlike(int, number, 0 if undoes is None else undoes)
    refuse_unlike(list, classes)
    refuse_unlike(str, verb, began, export_digest, *classes)
    return Action(number, verb, began, classes, undoes, export_digest)


def _move(copies: dict[str, frozenset[str]], source: str, target: str, sha256: str, others: Sequence[str] = ()) -> Move:
    """Returns a move; older versions noted with each of them the other places of its content."""
    refuse_unlike(str, sha256, *others)
    return Move(inner_path(source), inner_path(target), sha256, copies.get(sha256, others))
