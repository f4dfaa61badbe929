"""The way to build tasks from Python, as in a notebook: it returns what was built, or raises what went wrong."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from datasets.errors import UserError
from pipeline.engine import invocation, settings
from pipeline.engine.build import attempt, check_before_building
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.invocation import Entry
from pipeline.engine.results import disk_trouble_explained
from pipeline.engine.stage import Stage
from pipeline.stages.runs import EvaluateModel
from pipeline.stages.training import TrainModel


class Run(NamedTuple):
    """A run: its accuracy on the test pictures, all that metrics.json says, and the file of its model."""

    recipe: str
    repeat: int
    accuracy: float
    metrics: Mapping[str, Any]
    model: Path


class Outcome(NamedTuple):
    """The outcome of a build: the stages that had to be built, the folder of every stage's result, and the runs.

    Stages have the names that `status` prints: `FullReport`, `TrainModel plain`, `TrainModel plain repeat 1`.
    """

    built: list[str]
    folders: dict[str, Path]
    runs: list[Run]

    @property
    def accuracies(self) -> dict[str, float]:
        """The accuracy of each recipe on the test pictures, by the model of its first seed."""
        return {run.recipe: run.accuracy for run in self.runs if not run.repeat}

    @property
    def report(self) -> Path:
        """The page of the report."""
        return self.folders["FullReport"] / "report.html"


def build(*tasks: Stage, workers: int = 1) -> Outcome:
    """Builds what is stale among these tasks and all that they depend on; raises UserError where a user can help."""
    with disk_trouble_explained(settings.workspace()):
        return _build(tasks, workers)


def _build(tasks: Sequence[Stage], workers: int) -> Outcome:
    for task in tasks:
        check_before_building(task)
    attempted = attempt(*tasks, workers=workers)
    if not attempted.complete:
        raise _why_stopped(attempted.ran, attempted.stopped_by)
    with invocation.shared_or_separate():  # in which each stage is planned once
        stages = list({stage.task_id: stage for task in tasks for stage in stages_below(task)}.values())
        was_built = {entry.task for entry in attempted.ran if entry.built}
        return Outcome(
            built=[display_name(stage) for stage in stages if stage.task_id in was_built],
            folders={display_name(stage): Path(stage.output().path) for stage in stages},
            runs=[_run(stage) for stage in stages if isinstance(stage, EvaluateModel)],
        )


def _run(evaluation: EvaluateModel) -> Run:
    metrics = json.loads((Path(evaluation.output().path) / "metrics.json").read_text(encoding="utf-8"))
    model = Path(evaluation.same_run(TrainModel).output().path) / "model.keras"
    return Run(evaluation.recipe, evaluation.repeat, metrics["accuracy"], metrics, model)


def _why_stopped(ran: Sequence[Entry], stopped_by: Sequence[BaseException]) -> Exception:
    """Returns the error that says why a build did not come to its end."""
    failed = [entry for entry in ran if entry.error]
    if not failed and stopped_by and all(isinstance(error, UserError) for error in stopped_by):
        return UserError("\n".join(dict.fromkeys(str(error) for error in stopped_by)))
    if failed and all(entry.is_users for entry in failed):
        return UserError("\n".join(dict.fromkeys(entry.error for entry in failed)))
    reasons = [f"{entry.task} failed, its traceback is above: {entry.error}" for entry in failed]
    reasons += [f"{entry.task} was killed by the system (out of memory?)" for entry in ran if not entry.ended]
    return RuntimeError("\n".join(reasons) or "not everything was built; the error is above")
