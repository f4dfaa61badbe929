"""The options of a task that a user can type: its own parameters, those of the stages below it, and the settings."""

from typing import NamedTuple

import luigi
from luigi.task_register import Register

from pipeline.engine.graph import stages_below
from pipeline.engine.stage import Stage

SETTINGS = ("paths", "cifar", "code")


class TaskOption(NamedTuple):
    """An option as it is typed, the placeholder of its value, and its description."""

    name: str
    placeholder: str
    explanation: str
    is_setting: bool = False  # of a section of luigi.cfg that all stages read

    @property
    def help(self) -> str:
        """The explanation as argparse takes it."""
        return self.explanation.replace("%", "%%")


def task_options(task: str) -> list[TaskOption]:
    """Returns the options of a task; a stage's parameter that another stage sets is none."""
    kind = Register.get_task_cls(task)
    own = [_option(name, parameter) for name, parameter in kind.get_params()]
    if not issubclass(kind, Stage):
        return own
    return [*own, *_options_below(kind), *_options_of_settings()]


def own_options(task: str) -> set[str]:
    """Returns the names of a task's own options."""
    return {_option(name, parameter).name for name, parameter in Register.get_task_cls(task).get_params()}


def _options_below(kind: type[Stage]) -> list[TaskOption]:
    families = dict.fromkeys(type(stage) for stage in reversed(stages_below(kind())[:-1]))
    return [
        _option(f"{family.task_family}-{name}", parameter, of=f"of {family.task_family}: ")
        for family in families
        for name, parameter in family.get_params()
        if name not in family.handed_down and family is not kind
    ]


def _options_of_settings() -> list[TaskOption]:
    return [
        _option(f"{section}-{name}", parameter, of="in place of luigi.cfg's: ", is_setting=True)
        for section in SETTINGS
        for name, parameter in Register.get_task_cls(section).get_params()
    ]


def _option(name: str, parameter: luigi.Parameter, of: str = "", is_setting: bool = False) -> TaskOption:
    placeholder = name.rpartition("-")[2].upper()
    return TaskOption(f"--{name.replace('_', '-')}", placeholder, f"{of}{parameter.description or ''}", is_setting)
