"""The arguments of `python -m pipeline VERB`: what a verb declares that it takes, and what a user gave it."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from luigi.cmdline_parser import CmdlineParser

from datasets.errors import UserError
from pipeline.engine import settings
from pipeline.engine.stage import Stage
from pipeline.engine.typed_command import typed_program
from pipeline.engine.workspace import check_workspace
from pipeline.terminal.luigi_arguments import check_arguments, luigi_parser, refuse_unread, with_plain_errors


class Operands(NamedTuple):
    """The words that a verb takes beside its options: how the usage calls them, and how many there are."""

    names: str
    explanation: str
    least: int = 1
    most: int | None = 1


class VerbOption(NamedTuple):
    """An option of a verb; one without a placeholder for its value is a switch."""

    name: str
    placeholder: str
    explanation: str
    read: Callable[[str], Any] = str
    default: Any = None
    is_luigis: bool = False  # a setting or a task's parameter: its words are handed on to Luigi


class Verb(NamedTuple):
    """A verb as its file declares it; one with a task takes every parameter of that task as an option."""

    name: str
    summary: str
    example: str
    operands: Operands | None = None
    options: tuple[VerbOption, ...] = ()
    task: str = ""


EVERY_DATASET = VerbOption("--dataset", "NAME", "work on this data set only; without it, on every one in the workspace")
ONE_DATASET = VerbOption("--dataset", "NAME", "the data set; needed only where several were exported")
TASK_DATASET = VerbOption("--dataset", "NAME", "the data set", is_luigis=True)
YES = VerbOption("--yes", "", "do it; without --yes the verb changes nothing and prints what it would do")
WORKSPACE = VerbOption("--paths-workspace", "FOLDER", "the workspace, in place of the one in luigi.cfg", is_luigis=True)
ARCHIVES = VerbOption(
    "--cifar-archives", "PATH", "a folder or archive of CIFAR, in place of the one in luigi.cfg", is_luigis=True
)


def read_arguments(verb: Verb, arguments: Sequence[str]) -> argparse.Namespace:
    """Returns the options and `operands` that a verb was given, and the `luigi_words` that Luigi is to check."""
    parser = _parser(verb)
    given, unread = parser.parse_known_intermixed_args(arguments)
    if "--yes" in unread:
        raise UserError(f"{verb.name} changes nothing, so it takes no --yes: leave it out")
    least, most = (verb.operands.least, verb.operands.most) if verb.operands else (0, 0)
    refuse_unread(verb.name, unread + ([] if most is None else given.operands[most:]), parser, verb.task)
    if verb.operands and len(given.operands) < least:
        raise UserError(f"{verb.name}: give {verb.operands.names}, as in `{typed_program()} {verb.example}`")
    return given


@contextmanager
def arguments_of(verb: Verb, arguments: Sequence[str]) -> Iterator[argparse.Namespace]:
    """Yields what `read_arguments` returns, while the settings among the arguments hold."""
    given = read_arguments(verb, arguments)
    with _settings_of(["FullReport", *given.luigi_words]):
        yield given


@contextmanager
def named_task(arguments: Sequence[str]) -> Iterator[Stage]:
    """Yields the task that Luigi's arguments name, or FullReport, while the settings among them hold."""
    words = list(arguments)
    if not words or words[0].startswith("-"):
        words.insert(0, "FullReport")
    with _settings_of(words) as parser:
        yield parser.get_task_obj()


def usage(verb: Verb) -> str:
    """Returns what `python -m pipeline VERB --help` prints."""
    return _parser(verb).format_help()


@contextmanager
def _settings_of(words: list[str]) -> Iterator[CmdlineParser]:
    check_arguments(words)
    with CmdlineParser.global_instance(words) as parser:
        check_workspace(settings.workspace())
        yield parser


def _parser(verb: Verb) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        usage=f"{typed_program()} {verb.name} {f'{verb.operands.names} ' if verb.operands else ''}[options]",
        description=f"{verb.summary[0].upper()}{verb.summary[1:]}.",
        epilog=_epilog(verb),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    parser.set_defaults(luigi_words=[])
    if verb.operands:
        parser.add_argument("operands", metavar=verb.operands.names, nargs="*", help=verb.operands.explanation)
    else:
        parser.set_defaults(operands=[])
    for option in verb.options:
        parser.add_argument(option.name, help=option.explanation, **_reading(option))
    for action in luigi_parser(verb.task)._actions if verb.task else ():
        names = [name for name in action.option_strings if name not in parser._option_string_actions]
        if names:
            parser.add_argument(*names, action=_HandOn, nargs=action.nargs, help=argparse.SUPPRESS)
    return with_plain_errors(parser, f"{verb.name}: ")


def _reading(option: VerbOption) -> dict[str, Any]:
    if option.is_luigis:
        return {"action": _HandOn, "metavar": option.placeholder}
    if not option.placeholder:
        return {"action": "store_true"}
    return {"metavar": option.placeholder, "type": option.read, "default": option.default}


class _HandOn(argparse.Action):
    """An option of Luigi's, which keeps the words that it was given in."""

    def __call__(self, _parser: object, given: argparse.Namespace, value: object, name: str | None = None) -> None:
        words = [name, value] if isinstance(value, str) else [name]
        if isinstance(value, str) and value.startswith("-"):
            words = [f"{name}={value}"]  # apart from its option it would pass for another one
        given.luigi_words = [*given.luigi_words, *words]


def _epilog(verb: Verb) -> str:
    lines = [f"example: {typed_program()} {verb.example}"]
    if verb.task:
        command = f"`luigi --module pipeline {verb.task} --help`"
        lines = [f"The other parameters of {verb.task} are options too; {command} lists them.", "", *lines]
    return "\n".join(lines)
