"""The command that started this process, as the user typed it."""

import shlex
import sys
from pathlib import Path

import luigi


def is_luigi_command() -> bool:
    """Returns whether this process is to build the task that its command names."""
    return "luigi.cmdline" in sys.modules


def typed_program() -> str:
    """Returns how the user typed this program, up to where the name of a task or a verb follows."""
    program = Path(*sys.argv[:1])
    if program.stem == "pigeonhole":
        return "pigeonhole"
    is_luigis = is_luigi_command() and program.parent.name != "pipeline"
    return "luigi --module pipeline" if is_luigis else "python -m pipeline"


def command_for(task: luigi.Task) -> str:
    """Returns the command that builds a task: as it was typed, or one that does what Python was told to do."""
    if is_luigi_command():
        return shlex.join([*typed_program().removesuffix(" --module pipeline").split(), *sys.argv[1:]])
    options = [word for name, value in task.to_str_params().items() for word in (f"--{name}", value)]
    return shlex.join(["pigeonhole", task.task_family, *options])
