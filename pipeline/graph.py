"""The stages below a task, each once, those that are read before those that read them."""

from pipeline.stage import Stage


def stages_below(root: Stage) -> list[Stage]:
    """All stages that a task stands on, itself last."""
    found: dict[str, Stage] = {}

    def visit(stage: Stage) -> None:
        if stage.task_id not in found:
            for below in stage.requires():
                visit(below)
            found[stage.task_id] = stage

    visit(root)
    return list(found.values())


def display_name(stage: Stage) -> str:
    """`TrainModel plain`: the task, and the recipe where it has one."""
    return f"{stage.task_family} {getattr(stage, 'recipe', '')}".rstrip()
