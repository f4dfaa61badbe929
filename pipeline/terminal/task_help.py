"""The help of the program, and of a task that it builds."""

import argparse
from collections.abc import Iterable, Sequence

from luigi.task_register import Register

import pipeline
from pipeline.engine.typed_command import typed_program
from pipeline.terminal.exit_codes import exit_codes_in_words
from pipeline.terminal.luigi_arguments import is_task
from pipeline.terminal.task_options import TaskOption, task_options

_OF_LUIGI = (
    TaskOption("--workers", "COUNT", "how many stages may run at once, 1 by default"),
    TaskOption("--scheduler-host", "HOST", "share the work with the processes that ask this luigid; none by default"),
    TaskOption("--scheduler-port", "PORT", "the port of that luigid, 8082 by default"),
    TaskOption("--help-all", "", "print every option that Luigi takes"),
)


def program_help(verbs: Iterable[tuple[str, str]]) -> str:
    """Returns what the program prints without a task or a verb."""
    program = typed_program()
    lines = [
        f"usage: {program} TASK|VERB [options]",
        "",
        "A task builds results, each once: it finds those that are there. Most is built by FullReport.",
        "",
        *(f"  {name:<14}  {_summary(name)}" for name in task_names()),
        "",
        "A verb looks at results, or puts pictures where they belong.",
        "",
        *(f"  {name:<14}  {summary}" for name, summary in verbs),
        "",
        "tidy, undo and apply print what they would do; add --yes to do it.",
        f"`{program} NAME --help` prints the options of a task or a verb.",
        "",
        "exit codes:",
        *exit_codes_in_words(),
    ]
    return "\n".join(lines)


def task_help(task: str) -> str:
    """Returns what `TASK --help` prints."""
    parser = argparse.ArgumentParser(
        usage=f"{typed_program()} {task} [options]",
        description=_summary(task),
        epilog="\n".join(["exit codes:", *exit_codes_in_words()]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    add_options(parser, task_options(task))
    add_options(parser.add_argument_group("options of Luigi"), _OF_LUIGI)
    return parser.format_help()


def add_options(parser: argparse._ActionsContainer, options: Sequence[TaskOption]) -> None:
    """Adds options to the help of a parser."""
    for option in options:
        takes = {"metavar": option.placeholder} if option.placeholder else {"action": "store_true"}
        parser.add_argument(option.name, help=option.help, **takes)  # type: ignore[arg-type]


def task_names() -> list[str]:
    """Returns the names of the tasks that come with the project."""
    return [name for name in pipeline.__all__ if is_task(name)]


def _summary(task: str) -> str:
    return (Register.get_task_cls(task).__doc__ or "").partition("\n")[0]
