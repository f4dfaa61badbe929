"""Builds the task that a command names without `luigi`: `pigeonhole TASK`, `python -m pipeline TASK`."""

import sys
from collections.abc import Sequence

from pipeline.terminal import console
from pipeline.terminal.luigi_arguments import is_task, luigi_parser
from pipeline.terminal.task_help import task_help


def names_a_task(words: Sequence[str]) -> bool:
    """Returns whether a command names a task, or a module of the user's own that brings one."""
    given, _ = luigi_parser().parse_known_args(words)
    return bool(given.core_module or (given.root_task and is_task(given.root_task)))


def build_task(words: Sequence[str]) -> None:
    """Builds the task as Luigi's command does, or prints its help. Ends the process with an exit code."""
    given, _ = luigi_parser().parse_known_args(words)
    if given.core_help and not given.core_module:
        print(task_help(given.root_task), end="")
        sys.exit(0)
    from luigi.cmdline import luigi_run  # from here on this process is Luigi's command

    console.attach()
    luigi_run(list(words))
