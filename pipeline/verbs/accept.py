"""`accept`: new code declared to do what the old did, so that the results of the old are current again."""

from collections.abc import Sequence

from pipeline.engine import accepted, settings
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.stage import Stage
from pipeline.engine.trace import code_hash
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
    """Record it for each stage below the task that is stale by its code."""
    with named_task(arguments) as task:
        told = [line for stage in stages_below(task) if (line := _accept(stage))]
    for line in told:
        print(line)
    print(
        f"{len(told)} recorded in {settings.workspace() / 'accepted.csv'}" if told else "no stage is stale by its code"
    )
    return 0


def _accept(stage: Stage) -> str:
    """What was accepted of a stage, if anything; the stages that read it then know their keys again."""
    wanted, trace = stage.ingredients(), latest_trace(stage)
    if wanted is None or not trace or stage.complete() or not (changed := changed_code(wanted, trace)):
        return ""
    accepted.accept(stage.task_family, code_hash(wanted), code_hash(dict(trace)), settings.workspace())
    stage.forget_key()
    return f"{display_name(stage)}: accepted as it is now: {', '.join(changed)}"
