"""Room made for a new export: what was exported is withdrawn, and the user's files are moved to where they belong.

Keeps `export/moves.json` while it works, so that a kill at any moment is made good by doing the rest: no step is done
twice, and what has been edited since the steps were planned is left as it is.
"""

import errno
import hashlib
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

from datasets.reexport.edits import Edit, Remembered
from datasets.reexport.plan import Plan
from datasets.reexport.remembered_edits import write_memory


class Moves:
    """The steps of a plan, kept beside the folders until they are done."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._steps, self._done = home / "export" / "moves.json", home / "export" / "moves.done"

    def note(self, plan: Plan) -> None:
        """Write the steps down, in place of any that were never begun."""
        steps = {
            "withdrawn": [(path, sha256) for path, sha256, _ in plan.withdrawn],
            "moves": plan.moves,
            "memory": plan.memory,
        }
        self._steps.parent.mkdir(parents=True, exist_ok=True)
        self._done.unlink(missing_ok=True)
        fresh = self._steps.with_name(f".{self._steps.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(steps, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._steps)

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
        _end_copying(path, target)
    if os.path.lexists(target) or not os.path.lexists(path):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _move_to_another_disk(path, target)  # a class folder may be a link to one


def _move_to_another_disk(path: Path, target: Path) -> None:
    halfway = target.with_name(f".{target.name}.moving")
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(halfway, ignore_errors=True)
        shutil.copytree(path, halfway, symlinks=True)
        halfway.rename(target)
        shutil.rmtree(path)
    else:
        halfway.unlink(missing_ok=True)
        shutil.copy2(path, halfway, follow_symlinks=False)
        halfway.rename(target)
        path.unlink()


def _end_copying(path: Path, target: Path) -> None:
    """A kill may have come between the copy to another disk and the end of the original."""
    same_disk = path.parent.stat().st_dev == target.parent.stat().st_dev
    if not same_disk and path.is_file() and target.is_file() and path.read_bytes() == target.read_bytes():
        path.unlink()


def _remove_empty_folders(home: Path, paths: list[str]) -> None:
    for folder in sorted({(home / path).parent for path in paths}):
        with suppress(OSError):  # it holds something, or is a link
            folder.rmdir()
