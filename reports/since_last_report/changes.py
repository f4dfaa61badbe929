"""The differences between the last report and a new one, as plain JSON values.

Reads facts.json and since.json beside the last report, and writes both beside the new one. Neither is in the report's
key: the comparison is fixed when the report is first made. A report of the same facts, such as one with another
template, keeps that comparison.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reports.since_last_report.snapshot import KeptEdit, Snapshot, read_answers
from reports.table_values import read_json

FACTS, SINCE = "facts.json", "since.json"
LISTED_PICTURES = 20

Edit = Sequence[str]  # the fields of a KeptEdit, as JSON keeps them
# The 95 % interval of a difference in accuracy, from the answers of two sides: bool [seeds, pictures], is right.
Interval = Callable[[np.ndarray, np.ndarray], tuple[float, float]]


class LastReport(NamedTuple):
    """The report that a new one is compared with."""

    key: str
    folder: Path  # it may have been deleted


def write_changes(facts: Snapshot, last: LastReport | None, interval_of: Interval, folder: Path) -> dict[str, Any]:
    """Writes the facts of a new report, and what changed since the last one; returns what changed."""
    since = _find_changes(facts, last, interval_of)
    for name, values in ((FACTS, facts), (SINCE, since)):
        (folder / name).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return since


def _find_changes(facts: Snapshot, last: LastReport | None, interval_of: Interval) -> dict[str, Any]:
    if last is None:
        return {"compared": "first"}
    try:
        kept, since = read_json(last.folder / FACTS), read_json(last.folder / SINCE)
        made = read_json(last.folder / "trace.json")["made"]
        is_known = kept["format"] == facts["format"]
    except (OSError, ValueError, TypeError, KeyError):
        is_known = False
    if not is_known:
        return {"compared": "kept nothing" if last.folder.exists() else "gone", "report": last.key}
    if kept == json.loads(json.dumps(facts)):
        return since
    return {"compared": "with", "report": last.key, "made": made, **compare_snapshots(kept, facts, interval_of)}


def compare_snapshots(was: Snapshot, now: Snapshot, interval_of: Interval) -> dict[str, Any]:
    """Returns what differs from one report to another."""
    same_export = was["export"] == now["export"]
    both = [recipe for recipe in now["runs"] if recipe in was["runs"]]
    return {
        "exported_anew": not same_export,
        **(_compare_pictures(was, now) if same_export else {"changes": [], "listed": []}),
        "counts": {name: [facts["pictures"].get(name, 0) for facts in (was, now)] for name in now["pictures"]},
        "options": [
            [recipe, *difference]
            for recipe in both
            for difference in _differences(was["runs"][recipe]["parameters"], now["runs"][recipe]["parameters"])
        ],
        "split": _differences(was["split"], now["split"]),
        "came": [recipe for recipe in now["runs"] if recipe not in was["runs"]],
        "went": [recipe for recipe in was["runs"] if recipe not in now["runs"]],
        "runs": {recipe: _compare_answers(was, recipe, now, recipe, interval_of) for recipe in both},
        "best": _compare_answers(was, was["best"], now, now["best"], interval_of),
    }


def _differences(was: dict[str, Any], now: dict[str, Any]) -> list[list[Any]]:
    names = dict.fromkeys((*now, *was))
    return [[name, was.get(name), now.get(name)] for name in names if was.get(name) != now.get(name)]


def _compare_answers(
    was: Snapshot, recipe_then: str, now: Snapshot, recipe_now: str, interval_of: Interval
) -> dict[str, Any]:
    """Returns the accuracies of every seed, how they differ, and how many answers of the first seed flipped.

    Answers are compared on those test pictures that both reports have under the same label.
    """
    runs = was["runs"][recipe_then], now["runs"][recipe_now]
    before, after = (read_answers(facts["tested"], run["right"]) for facts, run in zip((was, now), runs, strict=True))
    shared = sorted(before.keys() & after.keys())
    of_seeds = slice(None) if min(len(run["right"]) for run in runs) > 1 else slice(1)  # one seed has none beside it
    then, today = (np.array([of[picture][of_seeds] for picture in shared], bool).T for of in (before, after))
    return {
        "names": [recipe_then, recipe_now],
        "was": runs[0]["accuracies"],
        "now": runs[1]["accuracies"],
        "tested": [len(before), len(after)],
        "shared": len(shared),
        "gained": int((today[0] & ~then[0]).sum()) if shared else 0,
        "lost": int((then[0] & ~today[0]).sum()) if shared else 0,
        "interval": interval_of(then, today) if shared else (-1.0, 1.0),
        "is_same": np.array_equal(then, today),
    }


class PictureState(NamedTuple):
    """The place and the class of a picture.

    The path is empty if the picture is not there, the sha256 if it is as it was exported.
    """

    path: str
    class_name: str
    sha256: str


class PictureChange(NamedTuple):
    """A picture that differs between two reports."""

    edit: str
    was: str  # its class
    now: str
    path: str  # where it is, or was last


NOWHERE = PictureState("", "", "")


def picture_changes(before: Iterable[Edit], after: Iterable[Edit]) -> list[PictureChange]:
    """Returns the pictures that differ between two lists of edits of the same export."""
    old, new = _picture_states(before), _picture_states(after)
    changes = []
    for picture in sorted({*old, *new}):
        _, exported = old.get(picture) or new[picture]
        was, now = (edited[picture][0] if picture in edited else exported for edited in (old, new))
        if was != now:
            changes.append(PictureChange(_kind(was, now), was.class_name, now.class_name, now.path or was.path))
    return changes


def _compare_pictures(was: Snapshot, now: Snapshot) -> dict[str, Any]:
    changes = picture_changes(was["edits"], now["edits"])
    counts = Counter((change.edit, change.was, change.now) for change in changes)
    return {
        "changes": [[*change, count] for change, count in counts.items()],
        "listed": [change._asdict() for change in changes[:LISTED_PICTURES]],
    }


def _picture_states(edits: Iterable[Edit]) -> dict[tuple[str, ...], tuple[PictureState, PictureState]]:
    """Returns every edited picture as it is now and as it was exported, by a name that no move changes."""
    found: dict[tuple[str, ...], tuple[PictureState, PictureState]] = {}
    copies: Counter[str] = Counter()
    for row in sorted((KeptEdit(*edit) for edit in edits), key=lambda row: row.path):
        if row.edit == "added":
            copies[row.sha256] += 1
            added = PictureState(row.path, row.now, row.sha256)
            found["added", row.sha256, str(copies[row.sha256])] = added, NOWHERE
        else:
            painted = row.sha256 if row.edit == "repainted" else ""
            of_now = NOWHERE if row.edit == "deleted" else PictureState(row.path, row.now, painted)
            found["exported", row.exported_path] = of_now, PictureState(row.exported_path, row.was, "")
    return found


def _kind(was: PictureState, now: PictureState) -> str:
    if not was.path:
        return "added"
    if not now.path:
        return "deleted"
    return "moved" if was.path != now.path else "repainted"
