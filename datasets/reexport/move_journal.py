"""The moves that make room for a new export: exported files are withdrawn, and the user's are put where they belong.

Keeps `export/moves.json` while it works, so that after a kill at any moment the rest is done: no step is done twice,
and what has been edited since the steps were planned is left as it is.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from datasets.damaged import DAMAGE, damaged, inner_path, read_json
from datasets.files.move import end_stopped_move, move
from datasets.files.sync import machine_start, sync_disks
from datasets.files.taken import is_taken
from datasets.files.whole_file import write_whole
from datasets.reexport.edits import Edit, RememberedEdit
from datasets.reexport.plan import ReexportPlan
from datasets.reexport.remembered_edits import write_remembered

_WAY_OUT = (
    "Delete it, then run again: old pictures that an export was about to withdraw stay then, and may pass for your own"
)


class MoveJournal:
    """The journal of a plan's steps, kept beside the folders until they are done."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._steps, self._done = home / "export" / "moves.json", home / "export" / "moves.done"

    def begin(self, plan: ReexportPlan) -> None:
        """Writes the steps down, in place of any that were never begun."""
        steps = {
            "withdrawn": [(ours.path, ours.sha256) for ours in plan.withdrawn],
            "moves": plan.moves,
            "memory": plan.remembered,
            "machine_start": machine_start(),
        }
        self._done.unlink(missing_ok=True)
        write_whole(self._steps, json.dumps(steps), flushed=True)

    def carry_out(self) -> None:
        """Takes the steps that are not taken yet."""
        if not self._steps.exists():
            return
        steps = self._read()
        if steps.get("machine_start", "") not in ("", machine_start()):
            self._done.unlink(missing_ok=True)  # a power cut may have lost what it says is done
        with self._done.open("ab", buffering=0) as done:
            if not done.tell():
                _withdraw(self._home, steps["withdrawn"])
                done.write(b".")
            for path, target in steps["moves"][done.tell() - 1 :]:
                _move(self._home / path, self._home / target)
                done.write(b".")
        sync_disks([self._home, *{(self._home / target).parent for _, target in steps["moves"]}])
        _remove_empty_folders(self._home, [path for path, _ in [*steps["withdrawn"], *steps["moves"]]])
        write_remembered(
            self._home,
            (RememberedEdit(identity, Edit(*edit), path, sha256) for identity, edit, path, sha256 in steps["memory"]),
        )
        self._steps.unlink()
        self._done.unlink()

    def _read(self) -> dict[str, Any]:
        """Returns the steps, of which none leads out of the data set's folder."""
        steps = read_json(self._steps, _WAY_OUT)
        try:
            places = [path for path, _ in steps["withdrawn"]]
            places += [path for pair in steps["moves"] for path in pair]
            places += [path for _, edit, path, _ in steps["memory"] if Edit(*edit) and path]
            for path in places:
                inner_path(path)
        except DAMAGE as error:
            raise damaged(self._steps, error, _WAY_OUT) from error
        return steps


def _withdraw(home: Path, files: list[tuple[str, str]]) -> None:
    """Deletes files that are still to the byte what was exported."""
    for path, sha256 in files:
        with suppress(FileNotFoundError):
            if hashlib.sha256((home / path).read_bytes()).hexdigest() == sha256:
                (home / path).unlink()


def _move(path: Path, target: Path) -> None:
    """Moves one file, unless that was done before a kill, or the user has moved it or filled its place."""
    if is_taken(target) and is_taken(path):
        end_stopped_move(path, target)
    if is_taken(path) and not is_taken(target):
        move(path, target)


def _remove_empty_folders(home: Path, paths: list[str]) -> None:
    for folder in sorted({(home / path).parent for path in paths}):
        with suppress(OSError):  # it holds something, or is a link
            folder.rmdir()
