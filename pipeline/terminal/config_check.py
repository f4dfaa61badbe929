"""Checks that everything in luigi.cfg is read by something, since Luigi ignores what it does not know."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from configparser import ConfigParser, InterpolationError
from functools import cache
from pathlib import Path

import luigi
import luigi.retcodes
from luigi.configuration import get_config
from luigi.task_register import Register

import pipeline
from datasets import catalog
from datasets.errors import UserError, unknown
from models.recipes import lookup as recipes
from models.recipes.option_reading import OPTIONS as RECIPE_OPTIONS
from models.recipes.table import BUILT_IN as BUILT_IN_RECIPES
from pipeline.engine import settings
from pipeline.engine.parameters import check_text

_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*")
_FILES_IN_WORKSPACE = ("luigi.log", "accepted.csv")
_LISTED_AT_MOST = 20
_MOST_BYTES_OF_NAME = 200  # the system allows 255, and copies of the folder need some


class _SwitchParameter(luigi.Parameter):
    def parse(self, text: str) -> bool:
        if text.lower() not in ConfigParser.BOOLEAN_STATES:
            raise ValueError("give true or false")
        return ConfigParser.BOOLEAN_STATES[text.lower()]


_READ_BY_LUIGI_WITHOUT_A_CLASS = {
    "core": {
        "autoload_range": _SwitchParameter(),
        "no_configure_logging": _SwitchParameter(),
        "rpc_connect_timeout": luigi.FloatParameter(),
        "rpc_retry_attempts": luigi.IntParameter(),
        "rpc_retry_wait": luigi.IntParameter(),
        "rpc_log_retries": _SwitchParameter(),
    },
    "task_history": {"db_connection": luigi.Parameter()},
}

Options = dict[str, luigi.Parameter]


def check_config(command_line: Sequence[str]) -> None:
    """Refuses unknown sections and options, and names and values that cannot be used.

    A data set that the command does not name, and that cannot be used, is only told of.
    """
    _refuse_unread_files()
    if get_config().defaults():
        raise UserError(
            "luigi.cfg [DEFAULT]: nothing reads this section; move its options to the sections they belong to"
        )
    _check_names("dataset", catalog.BUILT_IN, _FILES_IN_WORKSPACE)
    _check_names("recipe", BUILT_IN_RECIPES, ())
    known = _known_sections()
    for section in get_config().sections():
        _check_section(section, known)
    for name in settings.sections("dataset"):
        _check_dataset(name, command_line)
    for name in settings.sections("recipe"):
        recipes.resolve(name, settings.sections("recipe"), {})


def _check_dataset(name: str, command_line: Sequence[str]) -> None:
    asked_for = [part for word in command_line for part in word.split("=")]
    try:
        settings.dataset(name)
    except UserError as error:
        if name in (*asked_for, get_config().get("FullReport", "dataset", "")):
            raise
        _warn_once(f"warning: {error}\n  Commands for other data sets go on.")


def _refuse_unread_files() -> None:
    """Refuses files of settings that are there and cannot be read, which Luigi passes over."""
    for file in get_config()._config_paths:
        try:
            Path(file).open("rb").close()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise UserError(f"{file} cannot be read ({error.strerror}): mend that, or move it away") from error


def _check_names(kind: str, built_in: Iterable[str], files: Iterable[str]) -> None:
    """Refuses names that no folder can have, and those that differ from another name only in capitals."""
    spellings = {name.casefold(): name for name in built_in}
    named = set(files)
    for section in get_config().sections():
        if not section.startswith(f"{kind}:"):
            continue
        name = section.partition(":")[2].strip()
        if not _NAME.fullmatch(name) or len(os.fsencode(name)) > _MOST_BYTES_OF_NAME:
            raise UserError(
                f"luigi.cfg [{section}]: {name!r} cannot name a folder: begin with a letter or a digit, then use "
                f"letters, digits and . _ + -, {_MOST_BYTES_OF_NAME} bytes at most"
            )
        if spellings.setdefault(name.casefold(), name) != name or name.casefold() in named:
            raise UserError(
                f"luigi.cfg [{section}]: the name {name!r} is taken, perhaps with other capitals or spaces; "
                "choose another"
            )
        named.add(name.casefold())


def _known_sections() -> dict[str, Options]:
    """Returns every section that something reads, with its options."""
    known: dict[str, Options] = {}
    for reader, _, option, parameter in Register.get_all_params():
        if reader in pipeline.__all__ or issubclass(Register.get_task_cls(reader), luigi.Config):
            known.setdefault(reader, {})[option] = parameter
    for parameter in [parameter for options in known.values() for parameter in options.values()]:
        if old_place := parameter._config_path:
            known.setdefault(old_place["section"], {})[_plain(old_place["name"])] = parameter
    for section, options in _READ_BY_LUIGI_WITHOUT_A_CLASS.items():
        known.setdefault(section, {}).update(options)
    known["dataset:NAME"] = {}
    known["recipe:NAME"] = dict.fromkeys(RECIPE_OPTIONS, luigi.Parameter())
    return known


def _check_section(section: str, known: dict[str, Options]) -> None:
    kind, colon, _ = section.partition(":")
    pattern = f"{kind}:NAME" if colon else section
    if section == "resources":
        return  # the user chooses these names
    if pattern not in known:
        raise UserError(f"luigi.cfg: {unknown('section', f'[{section}]', [f'[{name}]' for name in known])}")
    if pattern == "dataset:NAME":
        return  # its options depend on its source, and are checked where they are read
    options = known[pattern]
    for option in get_config().options(section):
        if _plain(option) not in options:
            message = unknown("option", option, options)
            if len(options) > _LISTED_AT_MOST:
                message = message.partition(" Known:")[0]
            raise UserError(f"luigi.cfg [{section}]: {message}")
        if not colon:
            _check_value(section, option, options[_plain(option)])


def _check_value(section: str, option: str, parameter: luigi.Parameter) -> None:
    where = f"luigi.cfg [{section}] {option}"
    try:
        text = get_config().get(section, option)
    except InterpolationError as error:
        advice = "; write %% for a percent sign" if "%" in get_config().get(section, option, raw=True) else ""
        raise UserError(f"{where}: {error}{advice}") from error
    check_text(where, parameter, text)


def _plain(option: str) -> str:
    """Returns an option with underscores, which Luigi treats dashes as."""
    return option.replace("-", "_")


@cache
def _warn_once(warning: str) -> None:
    """Prints a warning, the first time in this process: `pigeonhole` checks again as it begins to build."""
    print(warning, file=sys.stderr)
