"""Prints each stage of a task, its state, the seconds it took last time, and why it would run."""

from collections.abc import Sequence

from datasets.errors import UserError
from pipeline.engine import settings
from pipeline.engine.stage import Stage
from pipeline.engine.typed_command import typed_program
from pipeline.engine.workspace import is_of_older_version
from pipeline.terminal.status import status_rows
from pipeline.terminal.verb_arguments import TASK_DATASET, WORKSPACE, Operands, Verb, named_task

VERB = Verb(
    "status",
    "show what would run, why, and the seconds it took last time; runs nothing",
    example="status FullReport --dataset cifar10 --recipes plain",
    operands=Operands("[TASK]", "the task, FullReport where none is named", least=0),
    options=(TASK_DATASET, WORKSPACE),
    task="FullReport",
)


def run(arguments: Sequence[str]) -> int:
    """Prints a row for each stage; returns 0 whatever is stale."""
    with named_task(VERB, arguments) as task:
        rows = status_rows(task)
        refusal = _refusal(task)
        workspace = settings.workspace()
    width = max(len(row.stage) for row in rows)
    for row in rows:
        seconds = f"{row.seconds:.1f} s" if row.seconds is not None else ""
        print(f"{row.stage:<{width}}  {row.state:<5}  {seconds:>9}  {row.why}".rstrip())
    if is_of_older_version(workspace):
        print(f"{workspace} is of an older version: `{typed_program()} accept` carries over what was trained there")
    if refusal:
        print(f"Nothing of it would run: {refusal}")
    return 0


def _refusal(task: Stage) -> str:
    """Returns why the task would be refused, or nothing where it would not."""
    try:
        task.check()
    except UserError as error:
        return str(error)
    return ""
