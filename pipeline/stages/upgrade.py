"""The upgrade of a workspace of version 0.1.0, whose keys have another form: it saves all trainings.

There a key held every option of a recipe, and the digests of whole modules. This version would train the same models on
the same data, so the data and the trainings get keys of the new form, and count as made by the code as it is now. All
other results are built again, which takes seconds.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from datasets.errors import UserError
from models.networks.catalog import network_reference
from models.recipes.keys import backbone_key_options, key_options
from models.recipes.recipe import Recipe
from pipeline.engine import accepted, settings
from pipeline.engine.digests import TRACE, short_hash
from pipeline.engine.results import Result, latest_key, point_link
from pipeline.engine.stage import Stage
from pipeline.engine.stage_code import code_view, reach_from
from pipeline.engine.trace import code_hash, key_of, read_trace, rewrite_trace
from pipeline.stages import source_state
from pipeline.stages.audit import PACKING, SplitFolds, TrainFold
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


class CarriedOver(NamedTuple):
    """The number of results that were carried over, and the places of those that were not, with the reason."""

    results: int
    left: list[str]


def carry_over(home: Path, workspace: Path) -> CarriedOver:
    """Gives a data set's results keys of the new form, and accepts their code. Killed, it goes on where it stopped."""
    count = 0
    left: list[str] = []
    for result_path, folders in _results(home).items():
        current = latest_key(home, result_path)
        # What is current first: only its code is accepted, for there may be results of other code beside it.
        in_turn = sorted(folders, key=lambda folder: (folder.name != current, -folder.stat().st_mtime_ns))
        for folder in in_turn:
            try:
                trace = dict(read_trace(folder))
                code = _new_code(home, result_path, trace)
                _rewrite(trace, folder, home)
            except (UserError, OSError, ValueError, TypeError, KeyError) as error:
                left.append(f"{folder}: {error}")
                continue
            if folder == in_turn[0]:
                accepted.accept(trace["stage"], short_hash(code), code_hash(trace), workspace)
            _rename(folder, Result(home, result_path, trace["key"]))
            count += 1
    _read_pictures(home)
    return CarriedOver(count, left)


def _results(home: Path) -> dict[str, list[Path]]:
    """Returns the folders of the results that are carried over, by their places."""
    places: dict[str, list[Path]] = {}
    roots = [home / place.partition("/")[0] for place in (*_OF_DATA, "features", "runs")]
    for trace in sorted(trace for root in dict.fromkeys(roots) for trace in root.rglob(f"[!.]*/{TRACE}")):
        result_path = trace.parent.parent.relative_to(home).as_posix()
        if _stage_class(result_path):
            places.setdefault(result_path, []).append(trace.parent)
    return places


def _stage_class(result_path: str) -> type[Stage] | None:
    """Returns the stage whose results lie at a place; None for one whose results are built again."""
    match result_path.split("/"):
        case ["folds", number] if number.isdecimal():
            return TrainFold
        case ["features", _]:
            return EmbedImages
        case ["runs", _, *_, part] if part in _OF_RUNS:
            return _OF_RUNS[part]
        case _:
            return _OF_DATA.get(result_path)


def _new_code(home: Path, result_path: str, trace: Mapping[str, Any]) -> dict[str, str]:
    """Returns the code that would make a result now; of a training, by the options in its trace."""
    kind, parameters = _stage_class(result_path), trace["parameters"]
    if kind is TrainModel and "network" not in parameters:  # only joined: the network is the recipe's
        return TrainModel(dataset=home.name, recipe=result_path.split("/")[1]).code()
    if kind in (TrainModel, TrainHead, TrainFold) and settings.code().watch:
        unseen = (
            network_reference(parameters.get("network", Recipe.network)),
            *([PACKING] if kind is TrainFold else []),
        )
        return reach_from(_builder(kind, parameters), kind, Stage, unseen, code_view())
    assert kind
    return kind(dataset=home.name).code()


def _builder(kind: type[Stage], parameters: Mapping[str, Any]) -> str:
    if kind is not TrainModel:
        return "build"
    if parameters.get("unfreeze"):
        return "fine_tune"
    return "go_on_from_other" if parameters.get("start_from") else "train_from_scratch"


def _read_pictures(home: Path) -> None:
    """Reads the pictures once, so that what depends on them is known to be current."""
    with suppress(UserError):
        index = IndexImages(dataset=home.name)
        if all(stage.complete() for stage in index.requires()):
            index.prepare()


def _rewrite(trace: dict[str, Any], folder: Path, home: Path) -> None:
    """Writes the trace in the new form, with its new key, unless it has that form."""
    if "carried_over_from" not in trace:
        trace["carried_over_from"] = "0.1.0"
        trace["parameters"] = _new_form(trace["stage"], trace["parameters"])
        if trace["stage"] == "ExportImages":
            trace["parameters"] |= _held_by_source(trace["parameters"], home)
        trace["key"] = key_of({name: trace[name] for name in ("stage", "parameters", "inputs")}, code_hash(trace))
        rewrite_trace(folder, trace)


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


def _held_by_source(parameters: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """Returns what a source holds, as a key has it now; nothing where its files have other names or sizes than before.

    No older key says what the files held. What was exported stands, as all that was made before.
    """
    dataset = settings.dataset(home.name)
    if parameters.get("files") not in (None, source_state.names_and_sizes(dataset)):
        return {}
    now = source_state.key_parameters(dataset, home)
    return {name: now[name] for name in ("files",) if name in now}


def _rename(folder: Path, result: Result) -> None:
    """Moves a result to the folder of its key, and mends the links to it."""
    was_latest = latest_key(result.home, result.result_path) in (folder.name, result.key)
    if folder != result.folder and not result.folder.exists():
        folder.rename(result.folder)
    if was_latest:
        result.point()
        if result.result_path == "export":
            point_link(result.home / "export.csv", result.folder / "export.csv")
