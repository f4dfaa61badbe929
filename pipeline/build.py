"""Build tasks from Python, as from a notebook; each call sees the pictures as they are then."""

from typing import NamedTuple

import luigi

from pipeline import invocation
from pipeline.console import log_plainly
from pipeline.invocation import Entry
from pipeline.stage import Stage


class Outcome(NamedTuple):
    """Whether all of it is there now, and the stages that ran."""

    complete: bool
    ran: list[Entry]


def build(*tasks: Stage, workers: int = 1) -> Outcome:
    """Build what is stale of these tasks and of all they stand on."""
    log_plainly()
    with invocation.anew(workers):
        luigi.build(tasks, workers=workers, local_scheduler=True)
        return Outcome(all(task.complete() for task in tasks), invocation.ledger())
