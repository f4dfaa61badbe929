"""Command lines checked before Luigi reads them, so that what is misspelt is told in one sentence."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from luigi.cmdline_parser import CmdlineParser
from luigi.task_register import Register

import pipeline
from datasets.errors import UserError
from datasets.nearest import unknown
from pipeline import settings
from pipeline.housekeeping import dataset_homes
from pipeline.stage import Stage


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse a task, an option or a value that does not exist, naming the nearest that does."""
    first, _ = _speaking(CmdlineParser._build_parser()).parse_known_args(arguments)
    if not first.root_task or first.core_help or first.core_help_all:
        return
    if first.root_task not in Register.task_names():
        raise UserError(unknown("task", first.root_task, _task_names()))
    parser = _speaking(CmdlineParser._build_parser(root_task=first.root_task))
    _, rest = parser.parse_known_args(arguments)
    for word in rest:
        if word.startswith("-"):
            raise UserError(f"{first.root_task}: {_unknown_option(word.partition('=')[0], parser)}")
        raise UserError(f"{first.root_task}: {word!r} is neither an option nor the value of one")


@contextmanager
def named_task(arguments: Sequence[str]) -> Iterator[Stage]:
    """The task that a verb's arguments name, while what they set holds; FullReport where they name none."""
    words = list(arguments)
    if not words or words[0].startswith("-"):
        words.insert(0, "FullReport")
    check_arguments(words)
    with CmdlineParser.global_instance(words) as parser:
        yield parser.get_task_obj()


def named_homes(verb: str, arguments: Sequence[str]) -> tuple[list[Path], bool]:
    """The data sets' folders that a verb covers, and whether --yes was said."""
    parser = _speaking(argparse.ArgumentParser(add_help=False))
    parser.add_argument("--dataset")
    parser.add_argument("--paths-workspace")
    parser.add_argument("--yes", action="store_true")
    given = parser.parse_args(arguments)
    if given.yes and verb != "prune":
        raise UserError(f"{verb} changes nothing, so there is nothing to say --yes to")
    homes = dataset_homes(Path(given.paths_workspace) if given.paths_workspace else settings.workspace())
    if given.dataset and given.dataset not in {home.name for home in homes}:
        raise UserError(unknown("dataset with results", given.dataset, [home.name for home in homes]))
    return [home for home in homes if given.dataset in (None, home.name)], given.yes


def _task_names() -> list[str]:
    return [name for name in pipeline.__all__ if name in Register.task_names()]


def _unknown_option(option: str, parser: argparse.ArgumentParser) -> str:
    known = sorted(parser._option_string_actions, key=lambda name: (name[2:3].isupper(), name))
    return unknown("option", option, known).partition(" Known:")[0] + " --help lists all"


def _speaking(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    def complain(message: str) -> NoReturn:
        raise UserError(message)

    parser.error = complain  # type: ignore[method-assign]  # its own prints Luigi's several hundred options first
    return parser
