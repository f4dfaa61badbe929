"""The upgrade of a workspace of version 0.1.0, whose keys have another form: it saves all trainings.

There a key held every option of a recipe, and the digests of whole modules. This version would train the same models on
the same data, so the data and the trainings get keys of the new form, and count as made by the code as it is now. All
other results are built again, which takes seconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from datasets.errors import UserError
from models.recipes.keys import backbone_key_options, key_options
from models.recipes.recipe import Recipe
from pipeline.engine import accepted
from pipeline.engine.digests import TRACE, short_hash
from pipeline.engine.results import LATEST, Result, latest_key, swap_link
from pipeline.engine.stage import Stage
from pipeline.engine.trace import code_hash, key_of, read_trace, write_json
from pipeline.stages.audit import AuditLabels, SplitFolds, TrainFold
from pipeline.stages.data import ExportImages, FindDuplicates, IndexImages, PackImages, SplitImages
from pipeline.stages.features import EmbedImages
from pipeline.stages.training import TrainHead, TrainModel

_OF_DATA: Mapping[str, type[Stage]] = {
    "export": ExportImages,
    "index": IndexImages,
    "duplicates": FindDuplicates,
    "split": SplitImages,
    "pack": PackImages,
    "folds/split": SplitFolds,
}
_OF_RUNS = {"train": TrainModel, "head": TrainHead}
_OF_BACKBONES = {"backbone": "backbone", "input": "backbone_input", "side": "backbone_side", "pooling": "pooling"}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "ExportImages": {"labels": "fine", "fit": "crop"},
    "SplitImages": {"val_fraction": 0.1, "test_fraction": 0.1, "seed": 0},
    "SplitFolds": {"folds": 3, "seed": 0},
}


def carry_over(home: Path, workspace: Path) -> int:
    """Gives what is kept of a data set keys of the new form and accepts its code; returns how many results.

    Killed, it goes on where it stopped.
    """
    count = 0
    for folder in sorted(_results(home)):
        result_path = folder.parent.relative_to(home).as_posix()
        trace = dict(read_trace(folder))
        if stage := _stage_at(home, result_path):
            _rewrite(trace, folder)
            accepted.accept(stage.task_family, short_hash(stage.code()), code_hash(trace), workspace)
            _rename(folder, Result(home, result_path, trace["key"]))
            count += 1
    _read_pictures(home)
    return count


def _read_pictures(home: Path) -> None:
    """Reads the pictures once, so that what depends on them is known to be current."""
    index = _stage_at(home, "index")
    if index and all(stage.complete() for stage in index.requires()):
        index.prepare()


def _results(home: Path) -> Iterator[Path]:
    traces = (trace for place in home.iterdir() if place.name != LATEST for trace in place.rglob(f"[!.]*/{TRACE}"))
    yield from (trace.parent for trace in traces)


def _stage_at(home: Path, result_path: str) -> Stage | None:
    """Returns the stage whose results lie there; None if it is to be built again, or if no setting names it now."""
    try:
        match result_path.split("/"):
            case ["folds", number] if number.isdecimal():
                audit = AuditLabels(dataset=home.name)
                return TrainFold(dataset=home.name, folds=audit.folds, recipe=audit.recipe, fold=int(number))
            case ["features", _]:
                return EmbedImages(dataset=home.name)
            case ["runs", recipe, *_, part] if part in _OF_RUNS:
                return _OF_RUNS[part](dataset=home.name, recipe=recipe)
            case _ if result_path in _OF_DATA:
                return _OF_DATA[result_path](dataset=home.name)
    except UserError:
        pass
    return None


def _rewrite(trace: dict[str, Any], folder: Path) -> None:
    """Writes the trace in the new form, with its new key, unless it has that form."""
    if "carried_over_from" not in trace:
        trace["carried_over_from"] = "0.1.0"
        trace["parameters"] = _new_form(trace["stage"], trace["parameters"])
        trace["key"] = key_of({name: trace[name] for name in ("stage", "parameters", "inputs")}, code_hash(trace))
        write_json(folder / TRACE, trace)


def _new_form(stage: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    if stage in ("TrainModel", "TrainHead", "TrainFold"):
        options: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in parameters.items()
        }
        return key_options(replace(Recipe(""), **options))
    if stage == "EmbedImages":
        named = {new: parameters[old] for old, new in _OF_BACKBONES.items()}
        return backbone_key_options(replace(Recipe(""), **named)) | {"weights": parameters["weights"]}
    defaults = _DEFAULTS.get(stage, {})
    return {name: value for name, value in parameters.items() if name not in defaults or value != defaults[name]}


def _rename(folder: Path, result: Result) -> None:
    """Moves a result to the folder of its key, and mends the links to it."""
    was_latest = latest_key(result.home, result.result_path) in (folder.name, result.key)
    if folder != result.folder and not result.folder.exists():
        folder.rename(result.folder)
    if was_latest:
        result.point()
        if result.result_path == "export":
            swap_link(result.home / "export.csv", result.folder / "export.csv")
