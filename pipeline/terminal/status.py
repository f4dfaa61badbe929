"""The state of each stage of a task: fresh, stale or waiting for another, and why. Runs nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from datasets.export_journal import are_exported
from datasets.folders import IMAGES
from models.recipes.keys import default_of_option
from pipeline.engine.digests import TRACE
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.results import LATEST, latest_key
from pipeline.engine.stage import Stage
from pipeline.engine.trace import Ingredients, changed_names, code_hash, read_trace
from pipeline.stages import pictures, source_state
from pipeline.stages.data import ExportImages, IndexImages


class Row(NamedTuple):
    """A stage's state, the reason, and the seconds it took last time."""

    stage: str
    state: str
    why: str
    seconds: float | None


def status_rows(root: Stage) -> list[Row]:
    """Returns a row for each stage, in the order they would run."""
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
    """Returns why a stage whose inputs are all there is stale."""
    if isinstance(stage, ExportImages) and trace and not are_exported(stage.home):
        return [f"{stage.home / IMAGES} is missing, or an export into it was stopped"]
    plan = stage.plan()
    is_there = (result := stage.result()) is not None and result.exists()
    if not trace:
        return ["built before, so it will only be found again"] if is_there else [_without_trace(stage)]
    if plan is None:
        return _changed_files(stage)
    differences = _differences(plan.ingredients, trace) if plan.key != latest_key(stage.home, stage.result_path) else []
    if is_there:
        return [*differences, "built before, so it will only be found again"]
    return differences or [_missing_files(stage, trace)]


def _without_trace(stage: Stage) -> str:
    folder = stage.home / LATEST / stage.result_path
    if folder.exists():
        return f"{folder / TRACE} cannot be read"
    return "its result is gone" if latest_key(stage.home, stage.result_path) else "never built"


def _missing_files(stage: Stage, trace: Mapping[str, Any]) -> str:
    folder = stage.home / LATEST / stage.result_path
    missing = [name for name in trace["files"] if not (folder / name).is_file()]
    return f"files of its result are gone: {_some(missing)}" if missing else "its result is not the one that is wanted"


def latest_trace(stage: Stage) -> Mapping[str, Any]:
    """Returns the trace of the result that `latest/` names, or an empty one."""
    try:
        trace = read_trace(stage.home / LATEST / stage.result_path)
    except (OSError, ValueError, TypeError):
        return {}
    return trace if {"parameters", "inputs", "code", "files"} <= trace.keys() else {}


def _differences(wanted: Ingredients, trace: Mapping[str, Any]) -> list[str]:
    old, new = trace["parameters"], wanted["parameters"]
    names = [name for name in sorted({*old, *new} - {"defaults"}) if old.get(name) != new.get(name)]
    lines = [f"{name}: {_value(old, name)} -> {_value(new, name)}" for name in names]
    numbers = old.get("defaults", {}), new.get("defaults", {})
    lines += [f"{name}: its default changed" for name in changed_names(*numbers)]
    lines += [f"changed code: {changed}"] if (changed := changed_code(wanted, trace)) else []
    inputs = [name for name, digest in wanted["inputs"].items() if trace["inputs"].get(name) != digest]
    lines += [f"changed input: {', '.join(inputs)}"] if inputs else []
    return lines


def _value(parameters: Mapping[str, Any], name: str) -> Any:
    """Returns a parameter's value; one that is not there is at its default."""
    default = default_of_option(name)
    return parameters.get(name, "its default" if default is None else default)


def changed_code(wanted: Ingredients, trace: Mapping[str, Any]) -> str:
    """Returns the modules and data files that differ from those of a trace, each with the names in it that do."""
    if code_hash(wanted) == code_hash(dict(trace)):
        return ""
    units: dict[str, list[str]] = {}
    for name in changed_names(trace["code"], wanted["code"]):
        module, _, unit = name.partition(":")
        units.setdefault(module, []).extend([unit] if unit else [])
    return _some([f"{module} ({_some(names, 3)})" if names else module for module, names in units.items()], 6)


def _some(names: Sequence[str], most: int = 4) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _changed_files(stage: Stage) -> list[str]:
    if isinstance(stage, ExportImages):
        paths, kind, verb = source_state.changed_files(stage.spec, stage.home), "source file", "may have changed"
    elif isinstance(stage, IndexImages):
        paths, kind, verb = pictures.changed_since(stage.home), "picture", "changed"
    else:
        return ["what it reads is not there"]
    return [f"{len(paths)} {kind}{'' if len(paths) == 1 else 's'} {verb}: {_some(paths)}"]
