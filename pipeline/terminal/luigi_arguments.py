"""Checks Luigi's command line before Luigi reads it, so that a misspelt word is explained in one sentence."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.interface import core
from luigi.task_register import Register

import pipeline
from datasets.errors import UserError, unknown
from pipeline.engine.build import check_before_building
from pipeline.engine.parameters import check_text
from pipeline.engine.stage import Stage
from pipeline.engine.typed_command import typed_program


def check_command(arguments: Sequence[str]) -> int:
    """Refuses a command that cannot be carried out. Returns its number of workers, 0 where it names no task."""
    if "pipeline" not in arguments and _is_of_other_module(arguments):
        return 1  # the class of the task is not there yet: Luigi checks it
    if not check_arguments(arguments):
        return 0
    with CmdlineParser.global_instance(list(arguments), allow_override=True) as parser:
        check_before_building(parser.get_task_obj())
        return max(1, int(core().workers))


def _is_of_other_module(arguments: Sequence[str]) -> bool:
    """Returns whether a task is named that a user's own module is still to bring."""
    first, _ = luigi_parser().parse_known_args(arguments)
    return bool(first.root_task and first.core_module not in (None, "pipeline") and not is_task(first.root_task))


def check_arguments(arguments: Sequence[str]) -> bool:
    """Refuses an unknown task, option or value, and names the nearest known one. Returns whether a task is named."""
    first, _ = luigi_parser().parse_known_args(arguments)
    if not first.root_task or first.core_help or first.core_help_all:
        return False
    if not is_task(first.root_task):
        raise UserError(unknown("task", first.root_task, filter(is_task, pipeline.__all__)))
    parser = luigi_parser(first.root_task)
    given, unread = parser.parse_known_args(arguments)
    _refuse_unread(first.root_task, unread, parser)
    _check_values(first.root_task, given, parser)
    return True


def luigi_parser(root_task: str | None = None) -> argparse.ArgumentParser:
    """Returns Luigi's own parser, made to explain itself in one sentence."""
    return with_plain_errors(CmdlineParser._build_parser(root_task=root_task))


def with_plain_errors(parser: argparse.ArgumentParser, prefix: str = "", advice: str = "") -> argparse.ArgumentParser:
    """Makes a parser raise `UserError` and accept no abbreviated option. Returns the parser."""

    def refuse(message: str) -> NoReturn:
        raise UserError(prefix + message + advice)

    parser.error = refuse  # type: ignore[method-assign]  # its own prints Luigi's several hundred options first
    parser.allow_abbrev = False
    return parser


def _refuse_unread(task: str, unread: Sequence[str], parser: argparse.ArgumentParser) -> None:
    """Refuses words that a task did not read, and names the nearest option that it takes."""
    for word in unread:
        if word.startswith("-"):
            raise UserError(f"{task}: {_unknown_option(word.partition('=')[0], parser, task)}")
        raise UserError(f"{task}: {word!r} is neither an option nor the value of one")


def is_task(name: str) -> bool:
    """Returns whether a name is that of a stage or of a user's own task, since Luigi registers settings too."""
    if name not in Register.task_names():
        return False
    kind = Register.get_task_cls(name)
    is_theirs = kind.__module__.partition(".")[0] not in ("pipeline", "luigi")
    return name in pipeline.__all__ or (is_theirs and not issubclass(kind, luigi.Config))


def _check_values(root_task: str, given: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    options = {action.dest: action.option_strings[0] for action in parser._actions if action.option_strings}
    for task, _, name, parameter in Register.get_all_params():
        for dest in (f"{task}_{name}", *([name] if task == root_task else [])):
            value = getattr(given, dest)
            if value is not None and dest != name:
                _refuse_idle(options[dest], task, name, root_task, parser)
            if isinstance(value, str):  # a switch that was set is no text
                check_text(options[dest], parameter, value)


def _refuse_idle(option: str, task: str, name: str, root_task: str, parser: argparse.ArgumentParser) -> None:
    if _is_idle(task, name, root_task):
        if task in pipeline.__all__:
            raise UserError(f"{option} does nothing here: {root_task} itself sets the {name} of {task}; leave it out")
        raise UserError(f"{root_task}: {_unknown_option(option, parser, root_task)}")


def _is_idle(task: str, name: str, root_task: str) -> bool:
    """Returns whether `--TASK-NAME` changes nothing: a base class has it, or another stage sets it."""
    kind = Register.get_task_cls(task)
    is_ours = issubclass(kind, Stage) and kind.__module__.partition(".")[0] == "pipeline"
    return is_ours and task != root_task and (task not in pipeline.__all__ or name in kind.handed_down)


def _unknown_option(option: str, parser: argparse.ArgumentParser, task: str) -> str:
    places = [(f"--{name}-{part.replace('_', '-')}", name, part) for name, _, part, _ in Register.get_all_params()]
    idle = {place for place, name, part in places if _is_idle(name, part, task)}
    known = sorted({*parser._option_string_actions} - idle, key=lambda name: (name[2:3].isupper(), name))
    return unknown("option", option, known, listed_by=f"`{typed_program()} {task} --help`")
