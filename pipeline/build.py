"""Build tasks from Python, as from a notebook; each call sees the pictures as they are then."""

import luigi

from pipeline import invocation
from pipeline.stage import Stage


def build(*tasks: Stage, workers: int = 1) -> bool:
    """Build what is stale of these tasks and of all they stand on; whether all of it is there now."""
    with invocation.anew():
        luigi.build(tasks, workers=workers, local_scheduler=True, log_level="WARNING")
        return all(task.complete() for task in tasks)
