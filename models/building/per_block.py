"""Options that a recipe gives once for all blocks of its network, or once for each."""

from collections.abc import Sequence

from models.recipes.recipe import Recipe


def widths(recipe: Recipe, own: Sequence[int]) -> Sequence[int]:
    """The channels of each block: the recipe's, or else the network's own."""
    return [int(width) for width in recipe.widths] or own


def dropouts(recipe: Recipe, places: int) -> Sequence[float]:
    """The share dropped among the convolutions at each place where the network can."""
    shares = recipe.convolution_dropout or (0.0,)
    return shares * places if len(shares) == 1 else shares
