"""What a verb is asked that looks something up and writes the answer to a table of the user's.

It takes every option of a task as luigi does, so that the same words name the same result.
"""

import shlex
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from luigi.cmdline_parser import CmdlineParser

from datasets.errors import UserError
from pipeline.terminal.arguments import refuse_unread, speaking


class Question(NamedTuple):
    """What it is about, where the answer goes, and the options of the task, as words."""

    operands: list[str]
    table: Path
    words: list[str]


def read_question(
    verb: str, arguments: Sequence[str], task: str, operands: Sequence[str], table: str, takes_more: bool = False
) -> Question:
    """Tell a verb's operands, perhaps more than are named, and --output from the task's options, still unchecked."""
    options = speaking(CmdlineParser._build_parser(root_task=task))
    given: list[str] = []
    words: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        option, equals, value = word.partition("=")
        if not word.startswith("-"):
            given.append(word)
        elif option == "--output":
            table = value if equals else next(waiting, "")
        elif option in options._option_string_actions:
            has_value_next = not equals and options._option_string_actions[option].nargs != 0
            words += [word, *islice(waiting, int(has_value_next))]
        else:
            refuse_unread(verb, [word], options)
    if len(given) < len(operands) or (len(given) > len(operands) and not takes_more):
        raise UserError(
            f"{verb}: give {' and '.join(operands)}, as in `python -m pipeline {verb} {' '.join(operands)}`"
        )
    return Question(given, Path(table), words)


def luigi_command(task: str, words: Sequence[str]) -> str:
    """What a user types to build a task."""
    return f"`{shlex.join(['luigi', '--module', 'pipeline', task, '--local-scheduler', *words])}`"
