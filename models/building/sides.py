"""How large a picture is shown, and must be for a network that halves it again and again."""

from typing import Any

from datasets.errors import UserError
from models.recipes.recipe import Recipe


def need_side(recipe: Recipe, shape: tuple[int, int, int], smallest: int) -> None:
    """Refuse pictures of which nothing would be left."""
    height, width, _ = shape
    if min(height, width) < smallest:
        raise UserError(
            f"recipe {recipe.name}: {recipe.network} needs pictures of {smallest} pixels and more, and these are "
            f"{width} by {height}: choose another network, or a larger size for the data set"
        )


def sides_at(scale: float, sides: tuple[int, int]) -> tuple[int, int]:
    """Height and width of a picture at a scale."""
    height, width = sides
    return round(scale * height), round(scale * width)


def scale_index(recipe: Recipe, epoch: Any) -> Any:
    """Which of the recipe's scales an epoch has: each in its turn, the last in the last epoch however few there are.

    The epoch is a number, or a tensor of one.
    """
    return -(-(epoch + 1) * len(recipe.scales) // recipe.epochs) - 1
