"""`status`: a row a stage, with its state, the seconds it took last time, and why it would run."""

from collections.abc import Sequence

from pipeline.arguments import named_task
from pipeline.status import status_rows


def run(arguments: Sequence[str]) -> int:
    """Print the rows; exit 0 whatever is stale."""
    with named_task(arguments) as task:
        rows = status_rows(task)
    wide = max(len(row.stage) for row in rows)
    for row in rows:
        seconds = f"{row.seconds:.1f} s" if row.seconds is not None else ""
        print(f"{row.stage:<{wide}}  {row.state:<5}  {seconds:>9}  {row.why}".rstrip())
    return 0
