"""Records that old results stand for new code, so that they are current again."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.engine import accepted, settings
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.stage import Stage
from pipeline.engine.trace import code_hash
from pipeline.engine.workspace import is_of_older_version, note_carried_over
from pipeline.stages.upgrade import carry_over
from pipeline.terminal.housekeeping import dataset_homes
from pipeline.terminal.status import changed_code, latest_trace
from pipeline.terminal.verb_arguments import TASK_DATASET, WORKSPACE, Operands, Verb, named_task

VERB = Verb(
    "accept",
    "declare a change of code harmless, so that results of the old code count as current",
    example="accept FullReport --dataset cifar10",
    operands=Operands("[TASK]", "the task, FullReport where none is named", least=0),
    options=(TASK_DATASET, WORKSPACE),
    task="FullReport",
)


def run(arguments: Sequence[str]) -> int:
    """Records it for each stage below the task that is stale by its code; carries over what an older version made."""
    with named_task(arguments) as task:
        if is_of_older_version(settings.workspace()):
            print(f"{_carry_over(settings.workspace())} results of an older version carried over")
            return 0
        accepted = [line for stage in stages_below(task) if (line := _accept(stage))]
    for line in accepted:
        print(line)
    print(
        f"{len(accepted)} recorded in {settings.workspace() / 'accepted.csv'}"
        if accepted
        else "no stage is stale by its code"
    )
    return 0


def _carry_over(workspace: Path) -> int:
    """Carries a workspace of an older version over to this one; returns how many results."""
    count = sum(carry_over(home, workspace) for home in dataset_homes(workspace))
    note_carried_over(workspace)
    return count


def _accept(stage: Stage) -> str:
    """Accepts the code of a stage; returns what was accepted, if anything. What reads the stage then knows its key."""
    plan, trace = stage.plan(), latest_trace(stage)
    if plan is None or not trace or stage.complete() or not (changed := changed_code(plan.ingredients, trace)):
        return ""
    accepted.accept(stage.task_family, code_hash(plan.ingredients), code_hash(dict(trace)), settings.workspace())
    stage.forget_key()
    return f"{display_name(stage)}: accepted as it is now: {changed}"
