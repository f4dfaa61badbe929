"""Command lines checked before Luigi reads them, so that what is misspelt is told in one sentence."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, NoReturn

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.interface import core
from luigi.task_register import Register

import pipeline
from datasets.errors import UserError, unknown
from pipeline.engine import settings
from pipeline.engine.parameters import check_text
from pipeline.engine.stage import Stage
from pipeline.engine.workspace import check_workspace
from pipeline.terminal.housekeeping import dataset_homes


class Curation(NamedTuple):
    """What a curating verb was told: a data set, to go ahead, what to work on, and how much of it."""

    dataset: str | None
    yes: bool
    operand: str
    first: int | None


def check_command(arguments: Sequence[str]) -> int:
    """Refuse what cannot be done, and a workspace that must not be touched; the workers, 0 where no task is named."""
    if not check_arguments(arguments):
        return 0
    with CmdlineParser.global_instance(list(arguments), allow_override=True) as parser:
        check_workspace(settings.workspace())
        if isinstance(task := parser.get_task_obj(), Stage):
            task.check()
        return max(1, int(core().workers))


def check_arguments(arguments: Sequence[str]) -> bool:
    """Refuse a task, an option or a value that there is not, naming the nearest there is; whether a task is named."""
    first, _ = speaking(CmdlineParser._build_parser()).parse_known_args(arguments)
    if not first.root_task or first.core_help or first.core_help_all:
        return False
    if not _is_task(first.root_task):
        raise UserError(unknown("task", first.root_task, filter(_is_task, pipeline.__all__)))
    parser = speaking(CmdlineParser._build_parser(root_task=first.root_task))
    given, rest = parser.parse_known_args(arguments)
    refuse_unread(first.root_task, rest, parser)
    _check_values(first.root_task, given, parser)
    return True


@contextmanager
def named_task(arguments: Sequence[str]) -> Iterator[Stage]:
    """The task that a verb's arguments name, while what they set holds; FullReport where they name none."""
    words = list(arguments)
    if not words or words[0].startswith("-"):
        words.insert(0, "FullReport")
    check_arguments(words)
    with CmdlineParser.global_instance(words) as parser:
        check_workspace(settings.workspace())
        yield parser.get_task_obj()


def named_homes(verb: str, arguments: Sequence[str]) -> tuple[list[Path], bool]:
    """The data sets' folders that a verb covers, and whether --yes was said."""
    parser = _parser_of_verb()
    given, rest = parser.parse_known_args(arguments)
    refuse_unread(verb, rest, parser)
    if given.yes and verb != "prune":
        raise UserError(f"{verb} changes nothing, so there is nothing to say --yes to")
    place = given.paths_workspace
    workspace = settings.workspace() if place is None else Path(settings.paths.workspace.parse(place))
    check_workspace(workspace)
    homes = dataset_homes(workspace)
    if given.dataset not in {None, *(home.name for home in homes)}:
        raise UserError(unknown("dataset with results", given.dataset, [home.name for home in homes]))
    return [home for home in homes if given.dataset in (None, home.name)], given.yes


@contextmanager
def curation(verb: str, arguments: Sequence[str], operand: str = "", counts: bool = False) -> Iterator[Curation]:
    """What a curating verb was told, while the places it was told hold."""
    parser = _parser_of_verb()
    parser.add_argument("--cifar-archives")
    if operand:
        parser.add_argument("operand", metavar=operand)
    if counts:
        parser.add_argument("--first", type=_count, metavar="COUNT")
    given, rest = parser.parse_known_args(arguments)
    refuse_unread(verb, rest, parser)
    places = {"--paths-workspace": given.paths_workspace, "--cifar-archives": given.cifar_archives}
    words = [word for option, place in places.items() if place is not None for word in (option, place)]
    with CmdlineParser.global_instance(["FullReport", *words]):
        check_workspace(settings.workspace())
        yield Curation(given.dataset, given.yes, getattr(given, "operand", ""), getattr(given, "first", None))


@contextmanager
def named_recipe(verb: str, arguments: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """The recipe and the data set that a verb was told, if any, while the workspace it was told holds."""
    parser = _parser_of_verb()
    parser.add_argument("recipe", nargs="?")
    given, rest = parser.parse_known_args(arguments)
    refuse_unread(verb, rest, parser)
    if given.yes:
        raise UserError(f"{verb} changes nothing, so there is nothing to say --yes to")
    words = [] if given.paths_workspace is None else ["--paths-workspace", given.paths_workspace]
    with CmdlineParser.global_instance(["FullReport", *words]):
        yield given.recipe, given.dataset


def _parser_of_verb() -> argparse.ArgumentParser:
    parser = speaking(argparse.ArgumentParser(add_help=False))
    parser.add_argument("--dataset")
    parser.add_argument("--paths-workspace")
    parser.add_argument("--yes", action="store_true")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rows")
    return int(text)


def _is_task(name: str) -> bool:
    """Whether a name is that of a stage, or of a user's own task: settings and bases of tasks are registered too."""
    if name not in Register.task_names():
        return False
    kind = Register.get_task_cls(name)
    is_theirs = kind.__module__.partition(".")[0] not in ("pipeline", "luigi")
    return name in pipeline.__all__ or (is_theirs and not issubclass(kind, luigi.Config))


def refuse_unread(reader: str, rest: Sequence[str], parser: argparse.ArgumentParser) -> None:
    """Refuse words that nothing reads, naming the nearest option there is."""
    for word in rest:
        if word.startswith("-"):
            raise UserError(f"{reader}: {_unknown_option(word.partition('=')[0], reader, parser)}")
        raise UserError(f"{reader}: {word!r} is neither an option nor the value of one")


def _check_values(root_task: str, given: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    options = {action.dest: action.option_strings[0] for action in parser._actions if action.option_strings}
    for task, _, name, parameter in Register.get_all_params():
        for place in (f"{task}_{name}", *([name] if task == root_task else [])):
            text = getattr(given, place)
            if text is not None and place != name:
                _refuse_idle(options[place], task, name, root_task, parser)
            if isinstance(text, str):  # a switch that was set is no text
                check_text(options[place], parameter, text)


def _refuse_idle(option: str, task: str, name: str, root_task: str, parser: argparse.ArgumentParser) -> None:
    """Refuse what no stage under the task would heed."""
    if _is_idle(task, name, root_task):
        if task in pipeline.__all__:
            raise UserError(f"{option} does nothing here: {root_task} tells {task} its {name}; leave it out")
        raise UserError(f"{root_task}: {_unknown_option(option, root_task, parser)}")


def _is_idle(task: str, name: str, root_task: str) -> bool:
    """Whether `--TASK-NAME` is of what stages are made of, or of what whoever reads the stage tells it."""
    kind = Register.get_task_cls(task)
    of_ours = issubclass(kind, Stage) and kind.__module__.partition(".")[0] == "pipeline"
    return of_ours and task != root_task and (task not in pipeline.__all__ or name in kind.handed_down)


def _unknown_option(option: str, reader: str, parser: argparse.ArgumentParser) -> str:
    places = [(f"--{task}-{name.replace('_', '-')}", task, name) for task, _, name, _ in Register.get_all_params()]
    idle = {place for place, task, name in places if _is_idle(task, name, reader)}
    known = sorted({*parser._option_string_actions} - idle, key=lambda name: (name[2:3].isupper(), name))
    return unknown("option", option, known, listed_by="luigi's --help" if "--help" in known else "")


def speaking(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Have it refuse in one sentence, and no option but by its whole name."""

    def complain(message: str) -> NoReturn:
        raise UserError(message)

    parser.error = complain  # type: ignore[method-assign]  # its own prints Luigi's several hundred options first
    parser.allow_abbrev = False
    return parser
