"""Build tasks from Python, as from a notebook; each call sees the pictures as they are then."""

import multiprocessing
import sys
from typing import NamedTuple

import luigi

from datasets.errors import UserError
from pipeline.engine import invocation
from pipeline.engine.invocation import Entry
from pipeline.engine.luigi_log import show_errors_only
from pipeline.engine.stage import Stage


class Outcome(NamedTuple):
    """Whether all of it is there now, and the stages that ran."""

    complete: bool
    ran: list[Entry]


def build(*tasks: Stage, workers: int = 1) -> Outcome:
    """Build what is stale of these tasks and of all they stand on."""
    if workers > 1:
        _refuse_to_fork_tensorflow()
    show_errors_only()
    with invocation.anew(workers):
        luigi.build(tasks, workers=workers, local_scheduler=True)
        return Outcome(all(task.complete() for task in tasks), invocation.ledger())


def _refuse_to_fork_tensorflow() -> None:
    """Its threads do not live on in a forked process, which would wait for them for ever."""
    if "tensorflow" in sys.modules and multiprocessing.get_start_method() == "fork":
        raise UserError(
            "TensorFlow is at work in this process, and workers forked from it would hang: build with workers=1, or in "
            "a process that has trained nothing yet"
        )
