"""The stages below a task, each once, those that are read before those that read them."""

from pipeline.engine.stage import Stage


def stages_below(root: Stage) -> list[Stage]:
    """Returns all stages that a task depends on, and the task itself last."""
    found: dict[str, Stage] = {}

    def visit(stage: Stage) -> None:
        if stage.task_id not in found:
            for below in stage.requires():
                visit(below)
            found[stage.task_id] = stage

    visit(root)
    return list(found.values())


def display_name(stage: Stage) -> str:
    """Returns what tells a stage from all others: `TrainModel plain`, `TrainModel plain repeat 1`, `TrainFold 2`."""
    repeat = getattr(stage, "repeat", 0)
    return f"{stage.task_family} {variant(stage)}{f' repeat {repeat}' if repeat else ''}".rstrip()


def variant(stage: Stage) -> str:
    """The fold that is held out, or else the recipe; empty where there is neither."""
    return str(getattr(stage, "fold", getattr(stage, "recipe", "")))
