"""Room made for a new export: what was exported is withdrawn, and the user's files are moved to where they belong.

Keeps `export/moves.json` while it works, so that a kill at any moment is made good by doing the rest: no step is done
twice, and what has been edited since the steps were planned is left as it is.
"""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from datasets.files.move import end_stopped_move, move
from datasets.files.whole_file import write_whole
from datasets.reexport.edits import Edit, Remembered
from datasets.reexport.plan import ReexportPlan
from datasets.reexport.remembered_edits import write_memory


class Moves:
    """The steps of a plan, kept beside the folders until they are done."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._steps, self._done = home / "export" / "moves.json", home / "export" / "moves.done"

    def note(self, plan: ReexportPlan) -> None:
        """Write the steps down, in place of any that were never begun."""
        steps = {
            "withdrawn": [(path, sha256) for path, sha256, _ in plan.withdrawn],
            "moves": plan.moves,
            "memory": plan.memory,
        }
        self._done.unlink(missing_ok=True)
        write_whole(self._steps, json.dumps(steps), flushed=True)

    def make(self) -> None:
        """Do what of the steps is not done yet."""
        if not self._steps.exists():
            return
        steps = json.loads(self._steps.read_text(encoding="utf-8"))
        with self._done.open("ab", buffering=0) as done:
            if not done.tell():
                _withdraw(self._home, steps["withdrawn"])
                done.write(b".")
            for path, target in steps["moves"][done.tell() - 1 :]:
                _move(self._home / path, self._home / target)
                done.write(b".")
        _remove_empty_folders(self._home, [path for path, _ in [*steps["withdrawn"], *steps["moves"]]])
        write_memory(
            self._home,
            (Remembered(identity, Edit(*edit), path, sha256) for identity, edit, path, sha256 in steps["memory"]),
        )
        self._steps.unlink()
        self._done.unlink()


def _withdraw(home: Path, files: list[tuple[str, str]]) -> None:
    """Delete files that are still to the byte what was exported."""
    for path, sha256 in files:
        with suppress(FileNotFoundError):
            if hashlib.sha256((home / path).read_bytes()).hexdigest() == sha256:
                (home / path).unlink()


def _move(path: Path, target: Path) -> None:
    """Move one file, unless that was done before a kill, or the user has taken it away or its place."""
    if os.path.lexists(target) and os.path.lexists(path):
        end_stopped_move(path, target)
    if os.path.lexists(path) and not os.path.lexists(target):
        move(path, target)


def _remove_empty_folders(home: Path, paths: list[str]) -> None:
    for folder in sorted({(home / path).parent for path in paths}):
        with suppress(OSError):  # it holds something, or is a link
            folder.rmdir()
