"""Runs `pigeonhole TASK`, which builds results, and `pigeonhole VERB`, which looks at them and puts labels right.

`python -m pipeline` is the same program.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import pipeline  # noqa: F401 - registers the tasks
from datasets.errors import UserError, unknown
from pipeline.engine import invocation
from pipeline.engine.results import disk_trouble_explained
from pipeline.engine.typed_command import typed_program
from pipeline.terminal.task_command import build_task, names_a_task
from pipeline.terminal.task_help import program_help, task_help, task_names
from pipeline.terminal.verb_arguments import usage

VERBS = ("status", "tidy", "undo", "restore", "apply", "accept", "verify", "prune", "recipes", "predict", "compare")
_HELP = ("-h", "--help")


def main(arguments: Sequence[str]) -> int:
    """Runs a verb, or prints help. Returns the exit code."""
    if not arguments or arguments[0] in _HELP or tuple(arguments) == ("help",):
        print(program_help(_summaries()))
        return 0
    verb, *rest = arguments[1:] if arguments[0] == "help" else arguments
    if arguments[0] == "help" and verb in task_names():
        print(task_help(verb), end="")
        return 0
    if verb not in VERBS:
        names = (*VERBS, *task_names())
        raise UserError(unknown("task or verb", verb, names, listed_by=f"`{typed_program()} --help`"))
    module = importlib.import_module(f"pipeline.verbs.{verb}")
    if arguments[0] == "help" or {*_HELP} & {*rest}:
        print(usage(module.VERB, rest), end="")
        return 0
    with disk_trouble_explained(Path.cwd()):
        exit_code: int = module.run(rest)
    return exit_code


def _summaries() -> list[tuple[str, str]]:
    verbs = [importlib.import_module(f"pipeline.verbs.{verb}").VERB for verb in VERBS]
    return [(verb.name, verb.summary) for verb in verbs]


def start() -> int:
    """Builds the task, or runs the verb, that the command line names; returns the exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] and arguments[0] not in VERBS and names_a_task(arguments):
        build_task(arguments)
    invocation.begin()
    return main(arguments)


if __name__ == "__main__":
    sys.exit(start())
