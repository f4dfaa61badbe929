"""`status`: a row a stage, with its state, the seconds it took last time, and why it would run."""

from collections.abc import Sequence

from datasets.errors import UserError
from pipeline.engine import settings
from pipeline.engine.stage import Stage
from pipeline.engine.workspace import is_of_older_version
from pipeline.terminal.arguments import named_task
from pipeline.terminal.status import status_rows


def run(arguments: Sequence[str]) -> int:
    """Print the rows; exit 0 whatever is stale."""
    with named_task(arguments) as task:
        rows = status_rows(task)
        refusal = _refusal(task)
        is_old = is_of_older_version(settings.workspace())
    wide = max(len(row.stage) for row in rows)
    for row in rows:
        seconds = f"{row.seconds:.1f} s" if row.seconds is not None else ""
        print(f"{row.stage:<{wide}}  {row.state:<5}  {seconds:>9}  {row.why}".rstrip())
    if is_old:
        print(
            f"{settings.workspace()} is of an older version: `python -m pipeline accept` keeps what was trained there"
        )
    if refusal:
        print(f"None of it would run: {refusal}")
    return 0


def _refusal(task: Stage) -> str:
    """Why the task would be refused as it is, if it would."""
    try:
        task.check()
    except UserError as error:
        return str(error)
    return ""
