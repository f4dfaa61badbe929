"""The one screen that ends every run: what was edited, what was built, how good it is, and where everything is."""

import csv
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

from luigi.cmdline_parser import CmdlineParser

from pipeline import invocation, pictures, settings
from pipeline.graph import display_name, stages_below
from pipeline.results import LATEST
from pipeline.stage import Stage
from pipeline.training import EvaluateModel

_began = time.perf_counter()


def print_closing_screen(owner: int) -> None:
    """Print it, if this process is the one the user started and it got as far as a task."""
    if os.getpid() != owner:
        return
    try:
        with CmdlineParser.global_instance(sys.argv[1:], allow_override=True) as parser:
            root = parser.get_task_obj()
            if isinstance(root, Stage):
                print("\n".join(closing_screen(root)), flush=True)
    except (Exception, SystemExit):
        return  # the command line was refused, and that has been said


def closing_screen(root: Stage) -> list[str]:
    """The screen's lines."""
    stages = stages_below(root)
    rows = [
        ("edits", _edits(root.home)),
        ("rejected", _rejected(root.home)),
        ("stages", _stages(stages)),
        *(("accuracy", line) for line in _accuracies(stages)),
        ("seconds", f"{time.perf_counter() - _began:.1f}"),
        ("pictures", _place(root.home / "images", "yours to open and edit; run the same command after")),
        ("models", _place(root.home / LATEST / "runs", "runs/RECIPE/train/model.keras")),
        ("report", _place(root.home / LATEST / "report" / "report.html", "")),
        ("log", _place(settings.workspace() / "luigi.log", "") if _failed() else ""),
        ("changed", _changed_meanwhile(root.home)),
    ]
    title = f"{root.task_family} of {root.dataset}"
    return ["", title, *(f"  {name:<9} {text}" for name, text in rows if text)]


def _edits(home: Path) -> str:
    if not (index := home / LATEST / "index").exists():
        return ""
    kinds: dict[str, Counter[str]] = {}
    for edit in _rows(index / "edits.csv"):
        change = f"{edit['was']} to {edit['now']}" if edit["was"] != edit["now"] else edit["now"]
        kinds.setdefault(edit["edit"], Counter())[edit["was"] if edit["edit"] == "deleted" else change] += 1
    told = [f"{sum(count.values())} {kind}: {_first_few(count)}" for kind, count in kinds.items()]
    return "; ".join(told) or "none since the export"


def _first_few(count: Counter[str], most: int = 3) -> str:
    parts = [f"{times} {change}" for change, times in count.most_common(most)]
    return ", ".join(parts) + (", …" if len(count) > most else "")


def _rejected(home: Path) -> str:
    file = home / LATEST / "index" / "rejected.csv"
    rows = _rows(file) if file.exists() else []
    told = [f"images/{row['path']}: {row['reason']}" for row in rows[:3]]
    if len(rows) > len(told):
        told.append(f"and {len(rows) - len(told)} more in {file}")
    return "\n            ".join(told)


def _stages(stages: list[Stage]) -> str:
    entries = {entry.task: entry for entry in invocation.ledger()}
    built = [stage for stage in stages if (entry := entries.get(stage.task_id)) and entry.built and not entry.error]
    failed = [stage for stage in stages if (entry := entries.get(stage.task_id)) and entry.error]
    missing = [stage for stage in stages if stage not in built and stage not in failed and not stage.complete()]
    found = len(stages) - len(built) - len(failed) - len(missing)
    parts = [f"{len(built)} built ({_names(built)})" if built else "nothing to build"]
    parts += [f"{found} found again"] if found else []
    parts += [f"stopped at {display_name(stage)}, as said above" for stage in failed]
    parts += [f"{len(missing)} not reached"] if missing else []
    return ", ".join(parts)


def _names(stages: list[Stage]) -> str:
    """`PackImages, TrainModel plain+dropout`: each task once, with its recipes."""
    recipes: dict[str, list[str]] = {}
    for stage in stages:
        recipes.setdefault(stage.task_family, []).extend([stage.recipe] if hasattr(stage, "recipe") else [])
    return ", ".join(f"{task} {'+'.join(names)}".rstrip() for task, names in recipes.items())


def _accuracies(stages: list[Stage]) -> list[str]:
    lines = []
    for stage in stages:
        if isinstance(stage, EvaluateModel) and stage.complete() and (result := stage.result()):
            metrics = json.loads((result.folder / "metrics.json").read_text(encoding="utf-8"))
            low, high = metrics["accuracy_low"], metrics["accuracy_high"]
            lines.append(
                f"{metrics['accuracy']:6.1%}  {stage.recipe}  (95 % interval {low:.1%} to {high:.1%}, "
                f"{metrics['test_count']:,} test pictures, {metrics['train_seconds']:.0f} s of training)"
            )
    return sorted(lines, reverse=True)


def _place(path: Path, note: str) -> str:
    return f"{path}  {note}".rstrip() if path.exists() else ""


def _failed() -> bool:
    return any(entry.error for entry in invocation.ledger())


def _changed_meanwhile(home: Path) -> str:
    if not any(entry.home == str(home) and entry.built for entry in invocation.ledger()):
        return ""  # nothing ran, so there was no while
    if pictures.are_as_seen(home):
        return ""
    paths = pictures.changed_since(home)
    noun = "picture" if len(paths) == 1 else "pictures"
    return f"{len(paths)} {noun} changed while this ran ({', '.join(paths[:3])}); run again"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        return list(csv.DictReader(file))
