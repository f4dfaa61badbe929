"""The arguments of `python -m pipeline VERB`: what a verb declares that it takes, and what a user gave it."""

import argparse
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from luigi.cmdline_parser import CmdlineParser

import pipeline
from datasets.errors import unknown
from pipeline.engine import settings
from pipeline.engine.stage import Stage
from pipeline.engine.typed_command import typed_program
from pipeline.engine.workspace import check_workspace
from pipeline.terminal.luigi_arguments import check_arguments, is_task, luigi_parser, with_plain_errors
from pipeline.terminal.task_options import TaskOption, own_options, task_options


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
    not_options: tuple[str, ...] = ()  # parameters of the task that the operands decide
    notes: str = ""  # whole lines, at the end of its help


EVERY_DATASET = VerbOption("--dataset", "NAME", "work on this data set only; without it, on every one in the workspace")
ONE_DATASET = VerbOption("--dataset", "NAME", "the data set; needed only where several were exported")
TASK_DATASET = VerbOption("--dataset", "NAME", "the data set", is_luigis=True)
REPEAT = VerbOption("--repeat", "NUMBER", "which of several trainings, 0 by default: the first", is_luigis=True)
YES = VerbOption("--yes", "", "do it; without --yes the verb changes nothing and prints what it would do")
WORKSPACE = VerbOption("--paths-workspace", "FOLDER", "the workspace, in place of the one in luigi.cfg", is_luigis=True)
ARCHIVES = VerbOption(
    "--cifar-archives", "PATH", "a folder or archive of CIFAR, in place of the one in luigi.cfg", is_luigis=True
)


def read_arguments(verb: Verb, arguments: Sequence[str]) -> argparse.Namespace:
    """Returns what a verb was given: its options and `operands`, the `luigi_words` that Luigi is to check.

    `asks_for_settings` says whether these words change a parameter of a stage.
    """
    parser = _parser(verb, _task_of(verb, arguments))
    given, unread = parser.parse_known_intermixed_args(arguments)
    if "--yes" in unread:
        parser.error("it changes nothing, so it takes no --yes: leave it out")
    least, most = (verb.operands.least, verb.operands.most) if verb.operands else (0, 0)
    unread += [] if most is None else given.operands[most:]
    for word in unread:
        parser.error(_unread_in_words(word, _help_parser(verb, arguments)))
    if verb.operands and len(given.operands) < least:
        parser.error(f"give {verb.operands.names}, as in `{typed_program()} {verb.example}`")
    return given


@contextmanager
def arguments_of(verb: Verb, arguments: Sequence[str]) -> Iterator[argparse.Namespace]:
    """Yields what `read_arguments` returns, while the settings among the arguments hold."""
    given = read_arguments(verb, arguments)
    with _settings_of(["FullReport", *given.luigi_words]):
        yield given


@contextmanager
def named_task(verb: Verb, arguments: Sequence[str]) -> Iterator[Stage]:
    """Yields the task that a verb's operand names, or FullReport, while the settings among the arguments hold."""
    given = read_arguments(verb, arguments)
    with task_of([*(given.operands or ["FullReport"]), *given.luigi_words]) as task:
        yield task


@contextmanager
def task_of(words: Sequence[str]) -> Iterator[Stage]:
    """Yields the task that Luigi's words name, while the settings among them hold."""
    with _settings_of(list(words)) as parser:
        yield parser.get_task_obj()


def usage(verb: Verb, arguments: Sequence[str] = ()) -> str:
    """Returns what `VERB --help` prints."""
    return _help_parser(verb, arguments).format_help()


def _help_parser(verb: Verb, arguments: Sequence[str]) -> argparse.ArgumentParser:
    task = _task_of(verb, arguments)
    return _parser(verb, task, task_options(task) if task else [])


@contextmanager
def _settings_of(words: list[str]) -> Iterator[CmdlineParser]:
    check_arguments(words)
    with CmdlineParser.global_instance(words) as parser:
        check_workspace(settings.workspace())
        yield parser


def _task_of(verb: Verb, arguments: Sequence[str]) -> str:
    """Returns the task whose parameters a verb takes: the one that is named, where it works on any."""
    takes_any = verb.operands is not None and verb.operands.names == "[TASK]"
    return next(filter(is_task, arguments), verb.task) if takes_any else verb.task


def _parser(verb: Verb, task: str, listed: Sequence[TaskOption] = ()) -> argparse.ArgumentParser:
    options = [f"[{option.name}{f' {option.placeholder}' if option.placeholder else ''}]" for option in verb.options]
    operands = [verb.operands.names] if verb.operands else []
    command = f"{typed_program()} {verb.name}"
    parser = argparse.ArgumentParser(
        usage=" ".join([command, *operands, *options, *([f"[options of {task}]"] if task else [])]),
        description=f"{verb.summary[0].upper()}{verb.summary[1:]}.",
        epilog=f"{verb.notes}example: {typed_program()} {verb.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    parser.set_defaults(luigi_words=[], asks_for_settings=False)
    if verb.operands:
        parser.add_argument("operands", metavar=verb.operands.names, nargs="*", help=verb.operands.explanation)
    else:
        parser.set_defaults(operands=[])
    for option in verb.options:
        parser.add_argument(option.name, help=option.explanation, **_reading(option))
    if task:
        without = {f"--{of}{name}" for name in verb.not_options for of in ("", f"{task}-")}
        _take_options_of(task, parser, without, listed)
    usage_line = parser.format_usage().strip()
    return with_plain_errors(parser, f"{verb.name}: ", f"\n{usage_line}\n`{command} --help` explains the options")


def _take_options_of(
    task: str, parser: argparse.ArgumentParser, without: Collection[str], listed: Sequence[TaskOption]
) -> None:
    """Makes a parser hand on all that a task takes; its help shows those that are listed."""
    group = parser.add_argument_group(f"options of {task}")
    luigis = {name: action for action in luigi_parser(task)._actions for name in action.option_strings}
    own = own_options(task)
    shown: dict[str, dict[str, Any]] = {
        option.name: {"metavar": option.placeholder, "help": option.help} for option in listed
    }
    for name in dict.fromkeys([*shown, *luigis]):
        if name not in {*parser._option_string_actions, *without}:
            asks = luigis[name].dest.partition("_")[0] in pipeline.__all__ or name in own
            texts = shown.get(name, {"help": argparse.SUPPRESS})
            group.add_argument(name, action=_AskFor if asks else _HandOn, nargs=luigis[name].nargs, **texts)


def _unread_in_words(word: str, shown: argparse.ArgumentParser) -> str:
    if not word.startswith("-"):
        return f"{word!r} is neither an option nor the value of one"
    listed = [name for action in shown._actions if action.help != argparse.SUPPRESS for name in action.option_strings]
    return unknown("option", word.partition("=")[0], listed).partition(" Known:")[0].removesuffix(".")


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


class _AskFor(_HandOn):
    """An option that gives a stage another parameter than the settings do."""

    def __call__(self, parser: object, given: argparse.Namespace, value: object, name: str | None = None) -> None:
        super().__call__(parser, given, value, name)
        given.asks_for_settings = True
