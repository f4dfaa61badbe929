"""The attempt to build tasks within a longer process. Each call sees the pictures as they are then."""

import multiprocessing
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import luigi

from datasets.errors import UserError
from pipeline.engine import invocation, settings
from pipeline.engine.graph import stages_below
from pipeline.engine.invocation import Entry
from pipeline.engine.luigi_log import show_errors_only
from pipeline.engine.stage import Stage
from pipeline.engine.stage_code import new_view
from pipeline.engine.workspace import check_workspace, refuse_older_version


class Attempt(NamedTuple):
    """An attempt to build: whether every result is there, the stages that ran, and what stopped it."""

    complete: bool
    ran: list[Entry]
    stopped_by: list[BaseException]  # what was raised in this process; what a worker raised is in its stage's entry


def attempt(*tasks: Stage, workers: int = 1) -> Attempt:
    """Builds what is stale among these tasks and all that they depend on, as far as it can."""
    if workers > 1:
        _refuse_to_fork_tensorflow()
    show_errors_only()
    with invocation.separate(workers):
        _refuse_edited_code(tasks)
        for task in tasks:
            task.complete()  # what cannot be planned is raised here; Luigi would only log it
        with _noted_errors() as stopped_by:
            luigi.build(tasks, workers=workers, local_scheduler=True)
        return Attempt(all(task.complete() for task in tasks), invocation.ledger(), stopped_by)


@contextmanager
def _noted_errors() -> Iterator[list[BaseException]]:
    """A list that what stops a stage is added to, also where that is before the stage runs or is even planned."""
    errors: list[BaseException] = []

    def note(_: luigi.Task, error: BaseException) -> None:
        errors.append(error)

    events = (luigi.Event.FAILURE, luigi.Event.BROKEN_TASK)
    for event in events:
        Stage.event_handler(event)(note)
    try:
        yield errors
    finally:
        for event in events:
            Stage.remove_event_handler(event, note)


def check_before_building(task: luigi.Task) -> None:
    """Refuses a workspace of another version, and a task that cannot be built."""
    check_workspace(settings.workspace())
    refuse_older_version(settings.workspace())
    if isinstance(task, Stage):
        task.check()


def _refuse_edited_code(tasks: Iterable[Stage]) -> None:
    """Refuses to build by code that was edited since it was loaded, as it may be while a notebook is open for hours."""
    if not settings.code().watch:
        return
    stages = {stage.task_id: stage for task in tasks for stage in stages_below(task)}
    files = new_view(from_files=True)
    for stage in stages.values():
        stage.refuse_changed_code(stage.code(), files)


def _refuse_to_fork_tensorflow() -> None:
    """Refuses workers that would wait for ever: the threads of TensorFlow do not live on in a forked process."""
    if "tensorflow" in sys.modules and multiprocessing.get_start_method() == "fork":
        raise UserError(
            "TensorFlow is at work in this process, and workers forked from it would hang: build with workers=1, or in "
            "a process that has trained nothing yet"
        )
