"""The code of a key holds all that ran: every function of ours that a real build calls is in the key of its stage."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from conftest import Project, configured

import pipeline
from pipeline.engine.build import attempt
from pipeline.engine.graph import stages_below
from pipeline.engine.loaded_code import ROOMS
from pipeline.engine.source_code import is_followed
from pipeline.engine.stage import Stage
from pipeline.engine.stage_code import members_from, new_view
from pipeline.terminal.task_help import task_names

ROOT = Path(__file__).parent.parent


class Calls:
    """The functions that ran within each stage's builder, as `module:unit`, by the name of its task."""

    def __init__(self) -> None:
        self.of_stage: dict[str, set[str]] = {}
        self._running: list[tuple[FrameType, Stage]] = []
        self._settled: set[CodeType] = set()  # what is not ours, or is noted for the stage that runs

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "return" and self._running and self._running[-1][0] is frame:
            self._running.pop()
            self._settled.clear()
        if event != "call" or code in self._settled:
            return
        if not code.co_filename.startswith(str(ROOT)) or not code.co_filename.endswith(".py"):
            self._settled.add(code)
            return
        stage = frame.f_locals.get("self")
        if isinstance(stage, Stage) and code.co_name == stage.builder:
            self._running.append((frame, stage))
            self.of_stage[stage.task_id] = set()
        if self._running and self._counts(frame):
            self._settled.add(code)
            unit = f"{frame.f_globals['__name__']}:{_unit(frame)}"
            self.of_stage[self._running[-1][1].task_id].add(unit)

    def _counts(self, frame: FrameType) -> bool:
        """Returns whether a frame is the builder's work: neither the loading of a module, nor a value of the key."""
        builder, _ = self._running[-1]
        outer: FrameType | None = frame
        while outer is not None and outer is not builder:
            module = outer.f_globals.get("__name__", "")
            if outer.f_code.co_name == "<module>" or (module.partition(".")[0] in ROOMS and not is_followed(module)):
                return False
            stage = outer.f_locals.get("self")
            if isinstance(stage, Stage) and outer.f_code.co_name in counted_by_value(type(stage)):
                return False
            outer = outer.f_back
        return True

    @contextmanager
    def noted(self) -> Iterator[None]:
        threading.setprofile(self)
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]  # as its docs have it


@cache
def counted_by_value(kind: type[Stage]) -> set[str]:
    """Returns the members that a stage's key parameters are worked out by, and those that every stage has."""
    return members_read(kind, "key_parameters") | {name for name in dir(Stage) if name != "build"}


def _unit(frame: FrameType) -> str:
    """Returns the unit that a function is in: itself, the member of a class, or what it stands in."""
    names = frame.f_code.co_qualname.split(".<locals>")[0].split(".")
    return ".".join(names[:2]) if isinstance(frame.f_globals.get(names[0]), type) else names[0]


def missing_from_keys(project: Project, task: type[Stage], **parameters: Any) -> dict[str, set[str]]:
    """Returns what ran in the builders of a task and of all below it, and is in no key."""
    calls = Calls()
    with configured(project.settings):
        root = task(dataset="tiny", **parameters)
        with calls.noted():
            outcome = attempt(root)
        assert outcome.complete, [entry.error for entry in outcome.ran]
        stages = {stage.task_id: stage for stage in stages_below(root)}
        assert calls.of_stage.keys() == {entry.task for entry in outcome.ran if entry.made_result}
        found = {name: ran - stages[name].code().keys() for name, ran in calls.of_stage.items()}
    return {name: {unit for unit in units if not unit.endswith(NO_UNIT)} for name, units in found.items()}


NO_UNIT = ("<lambda>", "<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>")  # of a constant, or a field's default


@pytest.mark.slow
@pytest.mark.parametrize(
    "recipe",
    [
        {"base": "plain", "epochs": "2", "batch_size": "8", "rotation_degrees": "10", "mixup": "0.2", "swa": "0.5"},
        {
            "base": "sprint-few",
            "epochs": "2",
            "batch_size": "8",
            "randaugment": "0.5",
            "cutout": "0.3",
            "ema": "0.9",
            "tta": "mirrored_shifts",
        },
    ],
    ids=["plain", "sprint"],
)
def test_every_function_that_a_report_runs_is_in_a_key(project: Project, recipe: dict[str, str]) -> None:
    project.settings["recipe:tried"] = recipe
    project.settings["AuditLabels"] = {"recipe": "tried", "folds": "2"}
    parameters = {"recipes": ("tried",), "audit": "true"}
    missing = missing_from_keys(project, pipeline.FullReport, **parameters)
    assert not {name: units for name, units in missing.items() if units}
    assert {name.partition("_")[0] for name in missing} == {
        name for name in task_names() if name not in ("EmbedImages", "TrainHead")
    }


@pytest.mark.slow
def test_every_function_of_a_frozen_backbone_and_a_warm_start_is_in_a_key(project: Project) -> None:
    project.settings["recipe:frozen"] = {
        "base": "frozen-mobilenet",
        "backbone_weights": "none",
        "epochs": "1",
        "unfreeze": "2",
        "unfreeze_epochs": "1",
        "batch_size": "8",
    }
    project.settings["recipe:joined"] = project.settings["recipe:frozen"] | {"unfreeze": "0"}
    project.settings["recipe:after"] = {"base": "quick", "start_from": "quick", "frozen_layers": "*1*"}
    for recipe in ("frozen", "joined", "after"):
        missing = missing_from_keys(project, pipeline.TrainModel, recipe=recipe)
        assert not {name: units for name, units in missing.items() if units}


OTHER_VALUES = {
    "recipe": "three-b",
    "recipes": ("plain",),
    "seeds": 2,
    "repeat": 1,
    "mistakes": 3,
    "audit": "false",
    "folds": 4,
    "fold": 1,
    "epochs": 3,
    "batch_size": 16,
    "learning_rate": 0.5,
    "seed": 5,
}


@pytest.mark.parametrize("name", task_names())
def test_every_parameter_that_a_builder_reads_decides_the_key_or_the_place(name: str) -> None:
    """A log is all that `tensorboard` decides, and `unfreeze` is for backbones alone."""
    kind = getattr(pipeline, name)
    frozen = {"recipe": "frozen-vgg16"} if name in ("EmbedImages", "TrainHead") else {}
    builders = {"build", "train_from_scratch", "go_on_from_other", "join_head", "fine_tune"}
    read = set().union(*(members_read(kind, builder) for builder in builders if hasattr(kind, builder)))
    parameters = {option for option, _ in kind.get_params()} & read - {"dataset", "tensorboard", "unfreeze"}
    for parameter in parameters - frozen.keys():
        other = kind(**frozen | {parameter: OTHER_VALUES[parameter]})
        assert identity(other) != identity(kind(**frozen)), parameter


def identity(stage: Stage) -> tuple[object, ...]:
    below = {name: source.stage.task_id for name, source in stage.inputs().items()}
    return stage.key_parameters(), stage.result_path, below


def members_read(kind: type[Stage], first: str) -> set[str]:
    return members_from(kind, first, Stage, set(), new_view())
