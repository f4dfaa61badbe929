"""Options that a recipe gives once for all blocks of its network, or once for each."""

from collections.abc import Sequence

from datasets.errors import UserError
from models.recipes.recipe import Recipe


def widths(recipe: Recipe, own: Sequence[int]) -> Sequence[int]:
    """The channels of each block: the recipe's, or else the network's own."""
    if recipe.widths and len(recipe.widths) != len(own):
        raise UserError(
            f"recipe {recipe.name}: widths has {len(recipe.widths)} numbers, but {recipe.network} has {len(own)} "
            f"blocks: give as many, as widths = {','.join(map(str, own))}"
        )
    return [int(width) for width in recipe.widths] or own


def dropouts(recipe: Recipe, places: int) -> Sequence[float]:
    """The share dropped among the convolutions at each place where the network can."""
    shares = recipe.convolution_dropout
    if len(shares) in (0, 1):
        return [*(shares or (0.0,))] * places
    if len(shares) != places:
        raise UserError(
            f"recipe {recipe.name}: convolution_dropout has {len(shares)} numbers, but {recipe.network} has {places} "
            "places for it: give one for all, or one for each"
        )
    return shares
