"""Options that a recipe's network cannot heed; loads no TensorFlow."""

from models.networks.catalog import find_network
from models.networks.network import Network
from models.recipes.phases import is_own
from models.recipes.recipe import Recipe


def about_the_network(recipe: Recipe) -> list[tuple[bool, str]]:
    """Whether each contradiction is there, and what it is."""
    network = find_network(recipe.network)
    return [*_of_its_size(recipe, network), *_of_its_dropouts(recipe, network)]


def _of_its_size(recipe: Recipe, network: Network) -> list[tuple[bool, str]]:
    name, own_widths = recipe.network, network.widths
    return [
        (
            is_own(recipe, "scales") and not network.takes_any_size,
            f"{name} takes pictures of one size; leave scales at 1, or choose another network",
        ),
        (not recipe.scales, "scales names no size to show pictures at; give 1 for their own"),
        (
            recipe.depth > 0 and not network.depth,
            f"{name} comes in one depth only; leave depth at 0, or choose another network",
        ),
        (
            bool(recipe.widths) and not own_widths,
            f"{name} has no widths; leave them out, or choose another network",
        ),
        (
            len(recipe.widths) not in (0, len(own_widths)),
            f"widths has {len(recipe.widths)} numbers, but {name} has {len(own_widths)} blocks: give as many, as "
            f"widths = {','.join(map(str, own_widths))}",
        ),
    ]


def _of_its_dropouts(recipe: Recipe, network: Network) -> list[tuple[bool, str]]:
    name, shares, places = recipe.network, recipe.convolution_dropout, network.dropout_places
    is_without_convolutions = not network.has_convolutions
    return [
        (
            is_own(recipe, "scales") and recipe.dropblock > 0,
            "dropblock cuts its squares from pictures of one size; leave scales at 1, or dropblock at 0",
        ),
        (
            recipe.dropblock > 0 and recipe.backbone != "",
            "dropblock is for blocks that learn, and those of a backbone are frozen; leave dropblock at 0",
        ),
        (
            recipe.dropblock > 0 and is_without_convolutions,
            f"{name} has no convolutions for dropblock to work on; leave dropblock at 0, or choose another network",
        ),
        (
            any(shares) and is_without_convolutions,
            f"{name} has no convolutions; leave convolution_dropout at 0, for dense_dropout does what can be done",
        ),
        (
            any(shares) and len(shares) not in (1, places),
            f"convolution_dropout has {len(shares)} numbers, but {name} has {places} places for it: give one for "
            "all, or one for each",
        ),
    ]
