"""The way an option of a recipe is declared: as one field of a dataclass that says all there is to say about it.

How it is read, which errors a user sees, the key of a training and the table in docs/settings.md follow from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.recipes.recipe import Recipe

Counts = tuple[int, ...]
Numbers = tuple[float, ...]
Words = tuple[str, ...]
Value = str | int | float | Numbers | Words
Choices = tuple[str, ...] | Callable[[], tuple[str, ...]]

MANY = 1_000_000


class Part(Enum):
    """A part of a training, to which options belong."""

    NETWORK = "network"
    BACKBONE = "backbone"
    FINE_TUNING = "fine-tuning"
    PICTURES = "pictures"
    LEARNING = "learning"
    PREDICTION = "prediction"


@dataclass(frozen=True, kw_only=True)
class RecipeOption:
    """The facts about an option of a recipe, beside its name, its type and its default.

    A condition is an option with a value, as `optimiser = sgd`, or an option alone, as `dropblock`, which means that
    it does not have its default.
    """

    meaning: str
    """The cell of the table in docs/settings.md."""

    part: Part

    range: tuple[float, float] | None = None
    """The lowest and the highest number."""

    choices: Choices | None = None
    """The words to choose from, or a function that returns them."""

    needs: str = ""
    """The condition without which the option does nothing."""

    excludes: Mapping[str, str] = field(default_factory=dict)
    """The conditions that the option cannot be set with, each with the reason."""

    decides_weights: bool = True
    """Says that another value trains another model, and does not only use the same one in another way."""

    decides_batch: bool = False
    """Says that it changes the pictures of a batch as the network sees them."""

    decides_size: bool = False
    """Says that it changes how many parameters the network has."""

    default_number: int = 1
    """The number of the default: one more than before where a version of this project changes the default."""

    def allowed_words(self) -> tuple[str, ...]:
        """Returns the words to choose from."""
        if self.choices is None:
            return ()
        return self.choices() if callable(self.choices) else self.choices


def option(default: Value, meaning: str, **facts: Any) -> Any:
    """Returns the field of a dataclass that declares an option."""
    return field(default=default, metadata={"option": RecipeOption(meaning=meaning, **facts)})


def declared_options(recipe: "Recipe | type[Recipe]") -> dict[str, RecipeOption]:
    """Returns the options of a recipe by their names, in the order of their declarations."""
    return {each.name: each.metadata["option"] for each in fields(recipe) if "option" in each.metadata}


def default_of(recipe: "Recipe", name: str) -> Value:
    """Returns the default of an option."""
    default: Value = getattr(type(recipe), name)
    return default


def is_set(recipe: "Recipe", name: str) -> bool:
    """Returns whether a recipe has another value than the default for an option."""
    return bool(getattr(recipe, name) != default_of(recipe, name))


def holds(recipe: "Recipe", condition: str) -> bool:
    """Returns whether a condition holds for a recipe."""
    name, _, value = condition.partition(" = ")
    return as_text(getattr(recipe, name)) == value if value else is_set(recipe, name)


def as_text(value: Value) -> str:
    """Returns a value as it is written in luigi.cfg."""
    return ",".join(map(as_text, value)) if isinstance(value, tuple) else str(value)


def as_short_text(value: Value) -> str:
    """Returns a value as a person writes it, a whole number without decimals."""
    return as_text(value).removesuffix(".0")
