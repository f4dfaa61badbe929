"""Records that old results stand for new code, so that they are current again."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.engine import accepted, settings
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.stage import Stage
from pipeline.engine.trace import code_hash
from pipeline.engine.workspace import is_of_older_version, note_carried_over
from pipeline.stages.upgrade import carry_over
from pipeline.terminal.status import changed_code, latest_trace
from pipeline.terminal.verb_arguments import TASK_DATASET, WORKSPACE, Operands, Verb, named_task

VERB = Verb(
    "accept",
    "declare a change of code harmless, so that old results stand; or carry over a workspace of version 0.1.0",
    example="accept FullReport --dataset cifar10",
    operands=Operands("[TASK]", "the task, FullReport where none is named", least=0),
    options=(TASK_DATASET, WORKSPACE),
    task="FullReport",
)


def run(arguments: Sequence[str]) -> int:
    """Records it for each stage below the task that is stale by its code; carries over what an older version made."""
    with named_task(VERB, arguments) as task:
        workspace = settings.workspace()
        if is_of_older_version(workspace):
            print("\n".join(_carry_over(workspace)))
            return 0
        lines = [line for stage in stages_below(task) if (line := _accept(stage))]
    lines.append(f"{len(lines)} recorded in {workspace / 'accepted.csv'}" if lines else "no stage is stale by its code")
    print("\n".join(lines))
    return 0


def _carry_over(workspace: Path) -> list[str]:
    """Carries a workspace of an older version over to this one; returns lines that say what was, and what was not."""
    homes = sorted(folder.parent for folder in workspace.glob("*/export") if folder.is_dir())
    carried = [carry_over(home, workspace) for home in homes]
    note_carried_over(workspace)
    lines = [f"{sum(one.results for one in carried)} results of an older version carried over"]
    left = [place for one in carried for place in one.left]
    return lines + ([f"{len(left)} left alone, to be built again:", *(f"  {place}" for place in left)] if left else [])


def _accept(stage: Stage) -> str:
    """Accepts the code of a stage; returns what was accepted, if anything. What reads the stage then knows its key."""
    plan, trace = stage.plan(), latest_trace(stage)
    if plan is None or not trace or stage.complete() or not (changed := changed_code(plan.ingredients, trace)):
        return ""
    accepted.accept(stage.task_family, code_hash(plan.ingredients), code_hash(dict(trace)), settings.workspace())
    stage.forget_key()
    return f"{display_name(stage)}: accepted as it is now: {changed}"
