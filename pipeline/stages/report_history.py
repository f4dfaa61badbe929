"""What a report is held against: the one that `latest/` named when it was first made.

Reads facts.json and since.json beside that report, and writes both beside the new one. None of it is in the key: the
comparison is fixed with the report, and a report of the same facts, as after a change of template, takes it over.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.engine.results import Result, latest_key
from pipeline.engine.trace import read_trace

FACTS, SINCE = "facts.json", "since.json"
LISTED_PICTURES = 20

Facts = dict[str, Any]


def write_history(facts: Facts, home: Path, result_path: str, folder: Path) -> dict[str, Any]:
    """Keep the facts, and what changed since the last report, which it says."""
    since = _since_last(facts, home, result_path)
    for name, values in ((FACTS, facts), (SINCE, since)):
        (folder / name).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return since


def _since_last(facts: Facts, home: Path, result_path: str) -> dict[str, Any]:
    key = latest_key(home, result_path)
    if key is None:
        return {"compared": "first"}
    last = Result(home, result_path, key).folder
    try:
        kept, since, made = _read(last / FACTS), _read(last / SINCE), read_trace(last)["made"]
        is_known = kept["format"] == facts["format"]
    except (OSError, ValueError, TypeError, KeyError):
        is_known = False
    if not is_known:
        return {"compared": "kept nothing" if last.exists() else "gone", "report": key}
    if kept == json.loads(json.dumps(facts)):
        return since
    return {"compared": "with", "report": key, "made": made, **compare_facts(kept, facts)}


def compare_facts(was: Facts, now: Facts) -> dict[str, Any]:
    """What differs from one report to another, as plain JSON values."""
    same_export = was["export"] == now["export"]
    return {
        "exported_anew": not same_export,
        **(_pictures(was, now) if same_export else {"changes": [], "listed": []}),
        "counts": {name: [facts["pictures"].get(name, 0) for facts in (was, now)] for name in now["pictures"]},
        "options": [
            [recipe, *difference]
            for recipe in now["runs"]
            if recipe in was["runs"]
            for difference in _differences(was["runs"][recipe]["parameters"], now["runs"][recipe]["parameters"])
        ],
        "split": _differences(was["split"], now["split"]),
        "came": [recipe for recipe in now["runs"] if recipe not in was["runs"]],
        "went": [recipe for recipe in was["runs"] if recipe not in now["runs"]],
        "runs": {recipe: _compare_runs(was, recipe, now, recipe) for recipe in now["runs"] if recipe in was["runs"]},
        "best": _compare_runs(was, was["best"], now, now["best"]),
    }


def _pictures(was: Facts, now: Facts) -> dict[str, Any]:
    from reports.facts.pictures_since import changes_between

    changes = changes_between(was["edits"], now["edits"])
    counts = Counter((change.edit, change.was, change.now) for change in changes)
    return {
        "changes": [[*change, count] for change, count in counts.items()],
        "listed": [change._asdict() for change in changes[:LISTED_PICTURES]],
    }


def _differences(was: dict[str, Any], now: dict[str, Any]) -> list[list[Any]]:
    names = dict.fromkeys((*now, *was))
    return [[name, was.get(name), now.get(name)] for name in names if was.get(name) != now.get(name)]


def _compare_runs(was: Facts, recipe_then: str, now: Facts, recipe_now: str) -> dict[str, Any]:
    """Accuracies of every seed; what flipped in the first, on those test pictures that both have under one label."""
    from models.evaluation.comparison import difference_interval
    from reports.facts.report_snapshot import read_answers

    runs = was["runs"][recipe_then], now["runs"][recipe_now]
    before, after = (read_answers(facts["tested"], run["right"]) for facts, run in zip((was, now), runs, strict=True))
    shared = before.keys() & after.keys()
    gained = sum(after[picture] and not before[picture] for picture in shared)
    lost = sum(before[picture] and not after[picture] for picture in shared)
    return {
        "names": [recipe_then, recipe_now],
        "was": runs[0]["accuracies"],
        "now": runs[1]["accuracies"],
        "tested": [len(before), len(after)],
        "shared": len(shared),
        "gained": gained,
        "lost": lost,
        "interval": difference_interval(gained, lost, len(shared)),
    }


def _read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values
