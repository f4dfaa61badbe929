"""Kills and refused system calls at every point of a deed.

After each: no traceback, every result whole, no picture of the user's lost; and the same deed, done again, ends as it
does undisturbed.
"""

import csv
import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from conftest import Project, configured

from attacks.deeds import DEEDS, Deed, copied
from attacks.forked import DONE, FELL, HUNG, KILLED, End, run_forked
from attacks.trap import KILL, REFUSALS, Trap
from pipeline.engine.damage import damaged_files
from pipeline.terminal.housekeeping import results

NEVER = 0


class Fault(NamedTuple):
    """A point at which a deed did not end well."""

    deed: str
    what: str  # kill, or the error
    at: int
    story: str


class Attack:
    """A deed under attack, prepared once in a folder of its own."""

    def __init__(self, name: str, project: Project) -> None:
        self.name, self._project = name, project
        self._deed: Deed = DEEDS[name]
        self._deed.prepare(project)
        self._kept = project.folder / "kept"
        if (project.folder / "workspace").exists():
            shutil.copytree(project.folder / "workspace", self._kept, symlinks=True)
        copied(project, self._kept)  # as before each attack: what the caches know of the files is the same then
        self._users_own = users_own(project)
        undisturbed = self._run(NEVER, KILL)
        if undisturbed.how != DONE:
            raise AssertionError(f"{name}, left in peace: {undisturbed.text}")
        self.calls = undisturbed.calls
        self._right_end = shown(project)

    def attack(self, at: int, what: str) -> Fault | None:
        """Returns what went wrong after the call number `at` was the last one or was refused, or None."""
        copied(self._project, self._kept)
        end = self._run(at, what)
        calls = end.calls or self.calls  # which differ a little from run to run, as folders are listed in any order
        place = calls[at - 1] if at <= len(calls) else "a later call"

        def fault(story: str) -> Fault:
            return Fault(self.name, what, at, f"{place}: {story}")

        if end.how in (FELL, HUNG) or (end.how == KILLED and what != KILL):
            return fault(f"{end.how}: {end.text}")
        if lost := self._users_own - contents(self._project):
            return fault(f"{lost.total()} pictures of the user's are lost")
        if damaged := self._damaged():
            return fault(f"a result is not whole: {damaged}")
        again = self._run(NEVER, KILL)
        if again.how != DONE:
            return fault(f"done again: {again.how}: {again.text}; the first time {end.how}: {end.text}")
        if shown(self._project) != self._right_end:
            return fault(f"done again, it ends otherwise: {difference(self._right_end, shown(self._project))}")
        return None

    def _run(self, at: int, what: str) -> End:
        folders = (str(self._project.folder / "workspace"), str(Path(tempfile.gettempdir()) / "pigeonhole-"))
        return run_forked(lambda: self._deed.do(self._project), Trap(folders, at or -1, what))

    def _damaged(self) -> list[str]:
        if not self._project.home.exists():
            return []
        with configured(self._project.settings):
            return [line for folder in results(self._project.home) for line in damaged_files(folder)]


def contents(project: Project) -> Counter[str]:
    """Counts how often each picture lies in the folders, is kept, or waits aside."""
    places = (project.images, project.home / "changes/kept", project.home / "aside")
    files = (file for place in places for file in place.rglob("*") if file.is_file())
    return Counter(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)


def users_own(project: Project) -> Counter[str]:
    """Counts how often each picture lies there that no export can bring back."""
    exported = project.home / "latest/export/export.csv"
    if not exported.exists():
        return Counter()
    with exported.open(newline="", encoding="utf-8") as lines:
        hashes = {row["sha256"] for row in csv.DictReader(lines)}
    return Counter({content: count for content, count in contents(project).items() if content not in hashes})


def shown(project: Project) -> dict[str, str]:
    """Returns the folders and the latest tables as a person sees them: each file with a digest."""
    places = [project.images, project.home / "aside"]
    places += [folder for folder in sorted((project.home / "latest").glob("*")) if folder.name not in ("data",)]
    files = (file for place in places for file in sorted(place.rglob("*")) if file.is_file())
    return {
        str(file.relative_to(project.home)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.name not in ("trace.json", "since.json")
    }


def difference(right: dict[str, str], found: dict[str, str]) -> str:
    """Returns a few of the files that differ."""
    differing = sorted(name for name in right.keys() | found.keys() if right.get(name) != found.get(name))
    return f"{len(differing)} files differ, as {', '.join(differing[:3])}"


def attack_every(
    name: str, project: Project, step: int = 1, whats: Iterable[str] = (KILL, *REFUSALS)
) -> Iterator[Fault | None]:
    """Attacks a deed at every `step`-th of its calls, in each way; yields for each what went wrong, or None."""
    attack = Attack(name, project)
    for offset, what in enumerate(whats):
        for at in range(1 + offset % step, len(attack.calls) + 1, step):
            yield attack.attack(at, what)
