"""How a report is made, for its page: the command, and the trace of every result below it."""

import shlex
import sys
from typing import TYPE_CHECKING

from pipeline.engine import invocation
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.luigi_log import is_luigi_command
from pipeline.engine.stage import Stage
from pipeline.engine.trace import read_trace

if TYPE_CHECKING:
    from reports.content import Made


def command_of(task: Stage) -> str:
    """The command as it was typed; where the task is built from Python, the one that does the same."""
    if is_luigi_command():
        return shlex.join(["luigi", *sys.argv[1:]])
    options = [word for name, value in task.to_str_params().items() for word in (f"--{name}", value)]
    return shlex.join(["luigi", "--module", "pipeline", task.task_family, "--local-scheduler", *options])


def made_below(root: Stage) -> tuple["Made", ...]:
    """Every result that a task stands on, each after those it was made from."""
    from reports.content import Made

    made = {entry.task for entry in invocation.ledger() if entry.made and entry.home == str(root.home)}
    return tuple(
        Made(
            name=display_name(stage),
            reads=tuple(display_name(source) for source in stage.requires()),
            is_new=stage.task_id in made,
            trace=dict(read_trace(result.folder)),
        )
        for stage in stages_below(root)[:-1]
        if (result := stage.result())
    )
