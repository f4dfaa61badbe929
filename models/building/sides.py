"""How large a picture is shown, and must be for a network that halves it again and again."""

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
