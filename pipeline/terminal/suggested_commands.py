"""Writes the commands that a verb suggests to type next."""

import shlex
from collections.abc import Sequence

from luigi.cmdline_parser import CmdlineParser

from pipeline.engine.typed_command import typed_program


def task_command(task: str, words: Sequence[str]) -> str:
    """Returns the command that builds a task."""
    return _quoted(*typed_program().split(), task, *words)


def report_command(dataset: str) -> str:
    """Returns the command that builds the report of a data set."""
    return task_command("FullReport", ["--dataset", dataset, *_workspace_words()])


def undo_command(dataset: str) -> str:
    """Returns the command that takes back the last change of a data set's pictures."""
    return _quoted(*typed_program().split(), "undo", "--dataset", dataset, "--yes", *_workspace_words())


def _workspace_words() -> list[str]:
    """Returns the --paths-workspace of this command line, without which the next would look elsewhere."""
    parser = CmdlineParser.get_instance()
    folder = parser.known_args.paths_workspace if parser else None
    return [] if folder is None else ["--paths-workspace", folder]


def _quoted(*words: str) -> str:
    return f"`{shlex.join(words)}`"
