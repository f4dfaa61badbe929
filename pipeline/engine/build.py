"""The way to build tasks from Python, as in a notebook. Each call sees the pictures as they are then."""

import multiprocessing
import sys
from collections.abc import Iterable
from typing import NamedTuple

import luigi

from datasets.errors import UserError
from pipeline.engine import invocation, settings
from pipeline.engine.graph import stages_below
from pipeline.engine.invocation import Entry
from pipeline.engine.luigi_log import show_errors_only
from pipeline.engine.stage import Stage
from pipeline.engine.stage_code import new_view


class Outcome(NamedTuple):
    """The outcome of a build: whether every result is there, and the stages that ran."""

    complete: bool
    ran: list[Entry]


def build(*tasks: Stage, workers: int = 1) -> Outcome:
    """Builds what is stale among these tasks and all that they depend on."""
    if workers > 1:
        _refuse_to_fork_tensorflow()
    show_errors_only()
    with invocation.separate(workers):
        _refuse_edited_code(tasks)
        luigi.build(tasks, workers=workers, local_scheduler=True)
        return Outcome(all(task.complete() for task in tasks), invocation.ledger())


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
