"""Whether a recipe can go on from the weights of another; loads no TensorFlow."""

from collections.abc import Mapping

from datasets.errors import UserError
from models.networks.catalog import find_network
from models.recipes.recipe import Recipe


def refuse_unfit_start(recipe: Recipe, start: Recipe) -> None:
    """Refuse a start whose weights have no place in the recipe's network, or were learnt on pixels of another scale."""
    place = f"recipe {recipe.name}: start_from = {start.name}"
    if start.backbone:
        raise UserError(f"{place}: that one stands on a backbone, which this one has not; name one without")
    ours, theirs = _what_must_agree(recipe), _what_must_agree(start)
    for option, value in ours.items():
        if value != theirs[option]:
            raise UserError(
                f"{place}: the two networks do not fit: {option} is {value} here, and {theirs[option]} there; give "
                "both the same, or name another recipe to start from"
            )


def _what_must_agree(recipe: Recipe) -> Mapping[str, str]:
    """The options that decide the weights' shapes, and what they mean, as they are where the recipe sets none."""
    network = find_network(recipe.network)
    return {
        "network": recipe.network,
        "widths": ",".join(map(str, recipe.widths or network.widths)),
        "depth": str(recipe.depth or network.depth),
        "output": recipe.output,
        "normalisation": recipe.normalisation,
    }
