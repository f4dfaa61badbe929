"""Runs `python -m pipeline VERB`, which looks at results and puts labels right; `luigi` builds results."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import pipeline  # noqa: F401 - registers the tasks
from datasets.errors import UserError, unknown
from pipeline.engine import invocation
from pipeline.engine.results import disk_trouble_explained
from pipeline.terminal.verb_arguments import typed_program, usage

VERBS = ("status", "tidy", "undo", "restore", "apply", "accept", "verify", "prune", "recipes", "predict", "compare")
_HELP = ("-h", "--help")


def main(arguments: Sequence[str]) -> int:
    """Runs a verb, or prints help. Returns the exit code."""
    if not arguments or arguments[0] in _HELP or tuple(arguments) == ("help",):
        print(_general_usage())
        return 0
    verb, *rest = arguments[1:] if arguments[0] == "help" else arguments
    if verb not in VERBS:
        raise UserError(unknown("verb", verb, VERBS))
    module = importlib.import_module(f"pipeline.verbs.{verb}")
    if arguments[0] == "help" or {*_HELP} & {*rest}:
        print(usage(module.VERB), end="")
        return 0
    with disk_trouble_explained(Path.cwd()):
        exit_code: int = module.run(rest)
    return exit_code


def _general_usage() -> str:
    declared = [importlib.import_module(f"pipeline.verbs.{verb}").VERB for verb in VERBS]
    return "\n".join(
        [
            f"usage: {typed_program()} VERB [options]",
            "",
            "Looks at results, and puts pictures where they belong. `luigi --module pipeline TASK` builds results.",
            "",
            *(f"  {verb.name:<8}  {verb.summary}" for verb in declared),
            "",
            "tidy, undo and apply print what they would do; add --yes to do it.",
            f"`{typed_program()} VERB --help` prints a verb's options and an example.",
        ]
    )


def start() -> int:
    """Runs the verb that the command line names; returns its exit code."""
    invocation.begin()
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(start())
