"""Task parameters that are checked as soon as they are read: on the command line by its parser, with exit code 2."""

import argparse
from typing import Any

import luigi

from datasets.catalog import split_list
from datasets.errors import UserError
from models.recipes import resolve
from pipeline import settings


class Checked(luigi.Parameter):
    """A parameter whose text is refused by the parser, with the reason and the way out."""

    def _parser_kwargs(self, param_name: str, task_name: str | None = None) -> dict[str, Any]:
        return {**super()._parser_kwargs(param_name, task_name), "type": self._refuse_early}

    def _refuse_early(self, text: str) -> str:
        try:
            self.parse(text)
        except UserError as error:
            raise argparse.ArgumentTypeError(str(error).replace("%", "%%")) from error
        return text


class DatasetParameter(Checked):
    """The name of a data set."""

    def parse(self, text: str) -> str:
        return settings.dataset(text).name

    def normalize(self, value: str) -> str:
        return self.parse(value)


class RecipeParameter(Checked):
    """The name of a recipe."""

    def parse(self, text: str) -> str:
        return resolve(text, settings.sections("recipe"), {}).name

    def normalize(self, value: str) -> str:
        return self.parse(value)


class RecipesParameter(Checked):
    """Names of recipes, comma-separated or as JSON."""

    def parse(self, text: str) -> tuple[str, ...]:
        return self.normalize(split_list(text))

    def normalize(self, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise UserError("name at least one recipe, as in --recipes plain,augmented")
        return tuple(dict.fromkeys(RecipeParameter().parse(name) for name in value))

    def serialize(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


class OverrideParameter(Checked):
    """One number of a recipe given in place of its own; nothing keeps the recipe's."""

    def __init__(self, option: str, description: str) -> None:
        super().__init__(default=None, description=description)
        self._option = option

    def parse(self, text: str) -> int | float | None:
        if text in ("", "None"):
            return None
        recipe = resolve("plain", {}, {self._option: text})
        value: int | float = getattr(recipe, self._option)
        return value
