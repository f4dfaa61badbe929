"""The settings of luigi.cfg and the command line that concern all stages."""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.configuration import get_config

from datasets.catalog import Dataset, find_dataset
from datasets.errors import UserError
from datasets.files.typed_path import typed_path
from pipeline.engine import invocation


class FolderParameter(luigi.Parameter):
    """The path of a folder."""

    def parse(self, text: str) -> str:
        if not text.strip():
            raise UserError("name a folder; without the option it is the default")
        return str(typed_path(text))


class PathParameter(luigi.Parameter):
    """The path of a file or a folder, or nothing."""

    def parse(self, text: str) -> str:
        return str(typed_path(text)) if text.strip() else ""


class paths(luigi.Config):  # noqa: N801 - a section's name in luigi.cfg
    """The places of results and downloads."""

    workspace = FolderParameter(default="workspace", description="the folder that holds everything generated")
    downloads = FolderParameter(default="downloads", description="the folder that keeps downloaded archives")


class cifar(luigi.Config):  # noqa: N801 - a section's name in luigi.cfg
    """The place of the CIFAR archives."""

    archives = PathParameter(default="", description="a folder or archive to read before any cache or download")


class code(luigi.Config):  # noqa: N801 - a section's name in luigi.cfg
    """The choice whether a change of the project's own code makes results stale."""

    watch = luigi.BoolParameter(
        default=True,
        parsing=luigi.BoolParameter.EXPLICIT_PARSING,
        description="whether a change of the project's code makes results stale: true or false",
    )


def workspace() -> Path:
    """Returns the folder that holds everything generated; it does not change within an invocation."""
    invocation_folder = invocation.current_folder()
    return _workspace(invocation_folder, CmdlineParser.get_instance()) if invocation_folder else Path(paths().workspace)


@lru_cache(maxsize=8)
def _workspace(_invocation: Path, _command_line: CmdlineParser | None) -> Path:
    return Path(paths().workspace)


def sections(kind: str) -> dict[str, Mapping[str, str]]:
    """The `[kind:NAME]` sections of luigi.cfg, by name."""
    config = get_config()
    names = [section for section in config.sections() if section.startswith(f"{kind}:")]
    return {section.partition(":")[2].strip(): dict(config.items(section, raw=True)) for section in names}


def dataset(name: str) -> Dataset:
    """The data set of that name, as luigi.cfg has it."""
    return find_dataset(name, sections("dataset"))


def keras_home() -> Path:
    """Returns the folder where Keras keeps what it downloads."""
    return Path(os.path.expanduser(os.environ.get("KERAS_HOME", "~/.keras")))  # noqa: PTH111 - pathlib fails without a home
