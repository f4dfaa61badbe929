"""The files of ours, spoilt in every way and then read by everything that reads them.

After each: no traceback, no picture of the user's lost; and once the file is deleted, all is built again.
"""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from conftest import Project
from verb_runs import run_verb

import pipeline
from attacks.deeds import build, copied, edit, suspects_csv
from attacks.forked import DONE, FELL, HUNG, KILLED, End, run_forked
from attacks.points import contents, users_own

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "cut at a line": lambda content: b"".join(content.splitlines(keepends=True)[: content.count(b"\n") // 2]),
    "other types": lambda content: re.sub(rb': ?([0-9]+|"[^"]*"|\[[^][]*\])', b": {}", content),
    "not UTF-8": lambda content: content[:9] + b"\xff\xfe\xfa" + content[9:],
    "UTF-16": lambda content: content.decode("utf-8", "replace").encode("utf-16"),
    "NUL": lambda content: content[: len(content) // 2] + b"\0" * 64 + content[len(content) // 2 :],
    "a JSON list": lambda content: b"[]\n",
    "a JSON number": lambda content: b"7\n",
    "100,000 brackets": lambda content: b"[" * 100_000,
    "a long cell": lambda content: content + b'"' + b"x" * 200_000 + b'",1,2\n',
    "short rows": lambda content: b"\n".join(line.partition(b",")[0] for line in content.splitlines()) + b"\n",
    "a path that leads out": lambda content: content.replace(b"train/", b"../../../../").replace(b"tiny", b"../t"),
    "numbers as words": lambda content: content.translate(bytes.maketrans(b"0123456789", b"abcdefghij")),
    "a quote too many": lambda content: content.replace(b",", b',"', 1),
    "a flipped bit": lambda content: _with_flipped_bit(content),
}
READERS: dict[str, Callable[[Project], object]] = {
    "status": lambda project: run_verb(project, "status", "PackImages", "--dataset", "tiny"),
    "SplitImages": lambda project: build(project, pipeline.SplitImages),
    "tidy": lambda project: run_verb(project, "tidy", "--yes"),
    "apply": lambda project: run_verb(project, "apply", str(project.folder / "suspects.csv"), "--yes"),
    "undo": lambda project: run_verb(project, "undo", "--yes"),
    "restore": lambda project: run_verb(project, "restore", (project.folder / "gone").read_text(), "--yes"),
    "verify": lambda project: _run_any(project, "verify"),
    "prune": lambda project: run_verb(project, "prune", "--yes"),
    "accept": lambda project: run_verb(project, "accept", "PackImages", "--dataset", "tiny"),
}


class Spoilt(NamedTuple):
    """A file that was spoilt, by its path in the workspace, and how."""

    file: str
    damage: str


def prepare(project: Project) -> Path:
    """Makes a workspace that has every kind of file of ours. Returns a copy of it."""
    build(project, pipeline.PackImages)
    gone = project.picture("cat", 1)
    (project.folder / "gone").write_text(str(gone.relative_to(project.images)))
    edit(project)
    build(project, pipeline.PackImages)
    run_verb(project, "tidy", "--yes")
    run_verb(project, "accept", "PackImages", "--dataset", "tiny")
    suspects_csv(project)
    build(project, pipeline.PackImages)
    return Path(shutil.copytree(project.folder / "workspace", project.folder / "kept", symlinks=True))


def files_of_ours(kept: Path) -> list[str]:
    """Returns the files of a workspace that are read again: all but pictures and those of results that went."""
    files = (file for file in kept.rglob("*") if file.is_file() and not file.is_symlink())
    names = sorted(str(file.relative_to(kept)) for file in files)
    return [name for name in names if "/images/" not in name and "/kept/" not in name and not name.endswith(".log")]


def every_damage(kept: Path) -> list[Spoilt]:
    """Returns every file in every damage."""
    return [Spoilt(file, damage) for file in files_of_ours(kept) for damage in DAMAGES]


def attack(project: Project, kept: Path, spoilt: Spoilt) -> Iterator[str | None]:
    """Yields for each reader what went wrong, or None."""
    for name, read in READERS.items():
        copied(project, kept)
        own = users_own(project)
        file = project.folder / "workspace" / spoilt.file
        file.write_bytes(DAMAGES[spoilt.damage](file.read_bytes()))
        end = run_forked(lambda read=read: read(project))  # type: ignore[misc]
        yield _what_went_wrong(project, file, own - contents(project), name, end)


def _what_went_wrong(project: Project, file: Path, lost: object, reader: str, end: End) -> str | None:
    if end.how in (FELL, HUNG, KILLED):
        return f"{reader}: {end.how}: {end.text}"
    if lost:
        return f"{reader}: pictures of the user's are lost"
    file.unlink(missing_ok=True)
    again = run_forked(lambda: build(project, pipeline.SplitImages))
    if again.how != DONE and file.parent.name != "latest":
        shutil.rmtree(file.parent)
        again = run_forked(lambda: build(project, pipeline.SplitImages))
    if again.how != DONE:
        return f"{reader}, then deleted: {again.how}: {again.text}; before that {end.how}: {end.text}"
    return None


def _run_any(project: Project, verb: str) -> None:
    """Runs a verb whose exit code tells what it found."""
    try:
        run_verb(project, verb)
    except AssertionError:
        run_verb(project, verb, exit_code=1)


def _with_flipped_bit(content: bytes) -> bytes:
    spoilt = bytearray(content or b" ")
    place = random.Random(len(content)).randrange(len(spoilt))
    spoilt[place] ^= 1 << 6
    return bytes(spoilt)
