"""What luigi.cfg and the command line set for the whole way, and that nothing in luigi.cfg is misspelt."""

import os
from collections.abc import Mapping
from pathlib import Path

import luigi
from luigi.configuration import get_config
from luigi.task_register import Register

from datasets.catalog import OPTIONS as DATASET_OPTIONS
from datasets.catalog import Dataset, dataset_names, find_dataset
from datasets.errors import UserError
from datasets.nearest import unknown
from models.recipes import OPTIONS as RECIPE_OPTIONS
from models.recipes import resolve


class paths(luigi.Config):  # noqa: N801 - a section's name in luigi.cfg
    """Where results and downloads are kept."""

    workspace = luigi.Parameter(default="workspace", description="the folder that holds everything generated")
    downloads = luigi.Parameter(default="downloads", description="the folder that keeps downloaded archives")


class cifar(luigi.Config):  # noqa: N801 - a section's name in luigi.cfg
    """Where the CIFAR archives are."""

    archives = luigi.Parameter(default="", description="a folder or archive to read before any cache or download")


class code(luigi.Config):  # noqa: N801 - a section's name in luigi.cfg
    """Whether a change of the project's own code makes results stale."""

    watch = luigi.BoolParameter(default=True, parsing=luigi.BoolParameter.EXPLICIT_PARSING, description="true or false")


_LUIGI_SECTIONS = (
    "core",
    "retcode",
    "worker",
    "scheduler",
    "execution_summary",
    "task_history",
    "resources",
    "logging",
)
_NAMED = {"dataset": DATASET_OPTIONS, "recipe": RECIPE_OPTIONS}


def workspace() -> Path:
    """The folder that holds everything generated."""
    return Path(paths().workspace).expanduser()


def sections(kind: str) -> dict[str, Mapping[str, str]]:
    """The `[kind:NAME]` sections of luigi.cfg, by name."""
    config = get_config()
    names = [section for section in config.sections() if section.startswith(f"{kind}:")]
    return {section.partition(":")[2].strip(): dict(config.items(section, raw=True)) for section in names}


def all_datasets() -> list[str]:
    """Every data set a user can name."""
    return dataset_names(sections("dataset"))


def dataset(name: str) -> Dataset:
    """The data set of that name, as luigi.cfg has it."""
    return find_dataset(name, sections("dataset"))


def check_config() -> None:
    """Refuse sections and options that nothing reads; Luigi would pass over them."""
    config = get_config()
    tasks = {name: dict(Register.get_task_cls(name).get_params()) for name in _own_sections()}
    for section in config.sections():
        kind, colon, name = section.partition(":")
        if section in _LUIGI_SECTIONS:
            continue
        if colon and kind in _NAMED and name.strip():
            options = dict.fromkeys(_NAMED[kind])
        elif section in tasks:
            options = tasks[section]
        else:
            known = [*tasks, "dataset:NAME", "recipe:NAME", *_LUIGI_SECTIONS]
            raise UserError(f"luigi.cfg: {unknown('section', f'[{section}]', [f'[{name}]' for name in known])}")
        for option in config.options(section):
            if option not in options:
                raise UserError(f"luigi.cfg [{section}]: {unknown('option', option, options)}")
            if parameter := options[option]:
                _check_value(f"luigi.cfg [{section}] {option}", parameter, config.get(section, option))
    for name in sections("dataset"):
        dataset(name)
    for name in sections("recipe"):
        resolve(name, sections("recipe"), {})


def _check_value(where: str, parameter: luigi.Parameter, text: str) -> None:
    try:
        parameter.parse(text)
    except (UserError, ValueError) as error:
        raise UserError(f"{where} = {text}: {error}") from error


def _own_sections() -> list[str]:
    return [name for name in Register.task_names() if Register.get_task_cls(name).__module__.startswith("pipeline.")]


def keras_home() -> Path:
    """Where Keras keeps what it downloads."""
    return Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
