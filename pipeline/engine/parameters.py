"""The parameters of tasks, and the check of a parameter's text before a task reads it."""

from collections.abc import Iterable

import luigi
from luigi.parameter import ParameterException

from datasets.errors import UserError
from datasets.section_options import split_list
from models.recipes.lookup import resolve
from models.recipes.option_reading import read_option
from pipeline.engine import settings

_WANTED = {luigi.IntParameter: "a whole number", luigi.FloatParameter: "a number", luigi.BoolParameter: "true or false"}


def check_text(where: str, parameter: luigi.Parameter, text: str) -> None:
    """Refuses a text that its parameter cannot read, with the place it stands in."""
    try:
        parameter.parse(text)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error
    except (ValueError, ParameterException) as error:
        wanted = next((wanted for kind, wanted in _WANTED.items() if isinstance(parameter, kind)), None)
        raise UserError(f"{where} = {text} is not valid; {f'give {wanted}' if wanted else error}") from error


class DatasetParameter(luigi.Parameter):
    """The name of a data set."""

    def parse(self, text: str) -> str:
        return settings.dataset(text).name

    def normalize(self, value: str) -> str:
        return self.parse(value)


class RecipeParameter(luigi.Parameter):
    """The name of a recipe."""

    def parse(self, text: str) -> str:
        return resolve(text, settings.sections("recipe"), {}).name

    def normalize(self, value: str) -> str:
        return self.parse(value)


class RecipesParameter(luigi.Parameter):
    """A list of recipes: comma-separated, as JSON, or of Python's."""

    def parse(self, text: str) -> tuple[str, ...]:
        return self.normalize(text)

    def normalize(self, value: str | Iterable[str]) -> tuple[str, ...]:
        names = split_list(value) if isinstance(value, str) else tuple(value)
        if not names:
            raise UserError("name at least one recipe, as in --recipes plain,augmented")
        return tuple(dict.fromkeys(RecipeParameter().parse(name) for name in names))

    def serialize(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


class ChoiceParameter(luigi.Parameter):
    """A choice of a few words, the first of which is the default."""

    def __init__(self, *choices: str, description: str) -> None:
        super().__init__(default=choices[0], description=description)
        self._choices = choices

    def parse(self, text: str) -> str:
        return self.normalize(text)

    def normalize(self, value: str | bool) -> str:
        chosen = str(value).lower()
        if chosen not in self._choices:
            raise UserError(f"give {', '.join(self._choices[:-1])} or {self._choices[-1]}")
        return chosen


class CountParameter(luigi.IntParameter):
    """A whole number between two."""

    def __init__(self, least: int, most: int, default: int, description: str) -> None:
        self._least, self._most = least, most
        super().__init__(default=default, description=description)

    def parse(self, text: str) -> int:
        return self.normalize(super().parse(text))

    def normalize(self, value: int | str) -> int:
        number = int(value) if str(value).strip().isdecimal() else None
        if number is None or not self._least <= number <= self._most:
            raise UserError(f"give a whole number from {self._least} to {self._most}")
        return number


class OverrideParameter(luigi.Parameter):
    """A number that takes the place of a recipe's own; without one the recipe's stays."""

    def __init__(self, option: str, description: str) -> None:
        super().__init__(default=None, description=description)
        self._option = option

    def parse(self, text: str) -> int | float | None:
        return self.normalize(text)

    def normalize(self, value: float | str | None) -> int | float | None:
        if value in ("", "None", None):
            return None
        number = read_option("the recipe", self._option, value)
        assert isinstance(number, int | float)
        return number
