"""What each stage of a task is: fresh, stale, or waiting for another; and why. Runs nothing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from datasets.export_journal import are_exported
from datasets.folders import IMAGES
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.results import LATEST, latest_key
from pipeline.engine.stage import Stage
from pipeline.engine.trace import Ingredients, code_hash, read_trace
from pipeline.stages import pictures
from pipeline.stages.data import ExportImages, IndexImages


class Row(NamedTuple):
    """One stage's state in words, and the seconds it took last time."""

    stage: str
    state: str
    why: str
    seconds: float | None


def status_rows(root: Stage) -> list[Row]:
    """A row a stage, in the order they would run."""
    settled: dict[str, str] = {}
    return [_row(stage, settled) for stage in stages_below(root)]


def _row(stage: Stage, settled: dict[str, str]) -> Row:
    trace = latest_trace(stage)
    waits_for = [display_name(below) for below in stage.requires() if settled[below.task_id] != "fresh"]
    if stage.complete() and not waits_for:
        state, why = "fresh", ""
    elif waits_for:
        state, why = "waits", f"for {', '.join(waits_for)}"
    else:
        state, why = "stale", "; ".join(reasons(stage, trace))
    settled[stage.task_id] = state
    return Row(display_name(stage), state, why, trace.get("seconds"))


def reasons(stage: Stage, trace: Mapping[str, Any]) -> list[str]:
    """Why a stage whose inputs are all there is stale."""
    if isinstance(stage, ExportImages) and trace and not are_exported(stage.home):
        return [f"{stage.home / IMAGES} is missing, or an export into it was stopped"]
    if not trace:
        return ["its result is gone" if latest_key(stage.home, stage.result_path) else "never built"]
    wanted = stage.ingredients()
    if wanted is None:
        return _changed_pictures(stage)
    result = stage.result()
    found = ["built before, so it will only be found again"] if result and result.exists() else []
    return _differences(wanted, trace) + found or ["files of its result are gone"]


def latest_trace(stage: Stage) -> Mapping[str, Any]:
    """The trace of what `latest/` names, or an empty one."""
    try:
        return read_trace(stage.home / LATEST / stage.result_path)
    except (OSError, ValueError, TypeError):
        return {}


def _differences(wanted: Ingredients, trace: Mapping[str, Any]) -> list[str]:
    old, new = trace["parameters"], wanted["parameters"]
    told = [
        f"{name}: {old.get(name)} -> {new.get(name)}" for name in sorted({*old, *new}) if old.get(name) != new.get(name)
    ]
    changed = changed_code(wanted, trace)
    told += [f"changed code: {', '.join(changed)}"] if changed else []
    inputs = [name for name, digest in wanted["inputs"].items() if trace["inputs"].get(name) != digest]
    told += [f"changed input: {', '.join(inputs)}"] if inputs else []
    return told


def changed_code(wanted: Ingredients, trace: Mapping[str, Any]) -> list[str]:
    """The modules and data files that differ from those of a trace."""
    if code_hash(wanted) == code_hash(dict(trace)):
        return []
    old, new = trace["code"], wanted["code"]
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _changed_pictures(stage: Stage) -> list[str]:
    if not isinstance(stage, IndexImages):
        return ["what it reads is not there"]
    paths = pictures.changed_since(stage.home)
    shown = ", ".join(paths[:4]) + (f" and {len(paths) - 4} more" if len(paths) > 4 else "")
    return [f"{len(paths)} picture{'s' if len(paths) != 1 else ''} changed: {shown}"]
