"""Which pictures were moved, deleted, added or repainted from one list of edits to another of the same export.

Reads and writes no file: an edit is its kind, what it was exported as, its path, both classes, and its sha256.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Edit = Sequence[str]  # edit, exported_path, path, was, now, sha256


class Standing(NamedTuple):
    """Where a picture lies and as what; the path is empty where it is not there, the sha256 as it was exported."""

    path: str
    class_name: str
    sha256: str


class Change(NamedTuple):
    """What happened to one picture."""

    edit: str
    was: str  # its class
    now: str
    path: str  # where it is, or was last


NOWHERE = Standing("", "", "")


def changes_between(before: Iterable[Edit], after: Iterable[Edit]) -> list[Change]:
    old, new = _standings(before), _standings(after)
    changes = []
    for picture in sorted({*old, *new}):
        _, exported = old.get(picture) or new[picture]
        was, now = (edited[picture][0] if picture in edited else exported for edited in (old, new))
        if was != now:
            changes.append(Change(_kind(was, now), was.class_name, now.class_name, now.path or was.path))
    return changes


def _standings(edits: Iterable[Edit]) -> dict[tuple[str, ...], tuple[Standing, Standing]]:
    """Every edited picture as it is now and as it was exported, by a name that it keeps wherever it is moved."""
    found: dict[tuple[str, ...], tuple[Standing, Standing]] = {}
    copies: Counter[str] = Counter()
    for edit, exported_path, path, was, now, sha256 in sorted(edits, key=lambda row: row[2]):
        if edit == "added":
            copies[sha256] += 1
            found["added", sha256, str(copies[sha256])] = Standing(path, now, sha256), NOWHERE
        else:
            of_now = NOWHERE if edit == "deleted" else Standing(path, now, sha256 if edit == "repainted" else "")
            found["exported", exported_path] = of_now, Standing(exported_path, was, "")
    return found


def _kind(was: Standing, now: Standing) -> str:
    if not was.path:
        return "added"
    if not now.path:
        return "deleted"
    return "moved" if was.path != now.path else "repainted"
