"""Refuses options of a recipe that its network cannot use, and pictures or weights that do not fit the network."""

from collections.abc import Iterator

from datasets.errors import UserError
from models.networks.catalog import find_network
from models.networks.network import Network, refuse_small_pictures
from models.recipes.declaration import as_text, is_set
from models.recipes.recipe import Recipe
from models.resizing import scale_index


def refuse_for_network(recipe: Recipe) -> None:
    """Refuses a recipe with options that its network cannot use."""
    network = find_network(recipe.network)
    for problems in (_size_problems, _convolution_problems, _head_problems):
        for reason in problems(recipe, network):
            raise UserError(f"recipe {recipe.name}: {reason}")
    network.check(recipe)


def refuse_for_side(recipe: Recipe, side: int) -> None:
    """Refuses pictures of this side, in pixels, that are too small for the network at the smallest of their scales."""
    smallest = find_network(recipe.network).smallest_side
    scale = min(recipe.scales[scale_index(recipe, epoch)] for epoch in range(recipe.epochs))
    if scale == 1 or side < smallest:
        refuse_small_pictures(recipe, (side, side), smallest)
    elif round(scale * side) < smallest:
        raise UserError(
            f"recipe {recipe.name}: {recipe.network} needs pictures of {smallest} pixels and more, and those of {side} "
            f"are shown at {scale:g} of their size: set scales to {smallest / side:.2f} and more, or choose "
            "another network"
        )


def refuse_unfit_start(recipe: Recipe, start: Recipe) -> None:
    """Refuses to start from a recipe whose weights do not fit the network, or learnt from pixels of another scale."""
    place = f"recipe {recipe.name}: start_from = {start.name}"
    if start.backbone:
        raise UserError(f"{place}: {start.name} has a backbone, which {recipe.name} has not; name a recipe without one")
    here, there = _facts_of_weights(recipe), _facts_of_weights(start)
    for option, value in here.items():
        if value != there[option]:
            raise UserError(
                f"{place}: the two networks do not fit: {option} is {value} here, and {there[option]} there; give "
                "both the same, or name another recipe to start from"
            )


def _size_problems(recipe: Recipe, network: Network) -> Iterator[str]:
    name = recipe.network
    if not recipe.scales:
        yield "scales names no size to show pictures at; give 1 for their own"
    if is_set(recipe, "scales") and not network.takes_any_size:
        yield f"{name} takes pictures of one size; leave scales at 1, or choose another network"
    if recipe.depth and not network.depth:
        yield f"{name} comes in one depth only; leave depth at 0, or choose another network"
    if recipe.widths and not network.widths:
        yield f"{name} has no widths; leave widths out, or choose another network"
    if recipe.widths and len(recipe.widths) != len(network.widths):
        yield (
            f"widths has {len(recipe.widths)} numbers, but {name} has {len(network.widths)} blocks: give as many, as "
            f"widths = {as_text(network.widths)}"
        )


def _convolution_problems(recipe: Recipe, network: Network) -> Iterator[str]:
    name, shares, places = recipe.network, recipe.convolution_dropout, network.dropout_places
    if recipe.dropblock and not network.has_convolutions:
        yield f"{name} has no convolutions for dropblock to work on; leave dropblock at 0, or choose another network"
    if any(shares) and not network.has_convolutions:
        yield f"{name} has no convolutions; leave convolution_dropout at 0, and use dense_dropout"
    if any(shares) and len(shares) not in (1, places):
        yield (
            f"convolution_dropout has {len(shares)} numbers, but {name} has {places} places for it: give one for "
            "all, or one for each"
        )
    if recipe.optimiser == "muon" and (recipe.backbone or not network.has_convolutions):
        yield f"muon is for convolutions that learn from the start; choose another optimiser for {name}"


def _head_problems(recipe: Recipe, network: Network) -> Iterator[str]:
    if recipe.backbone and not network.is_head:
        yield f"{recipe.network} is no head for a backbone: set network to dense_head or linear_head"
    if network.is_head and not recipe.backbone:
        yield f"{recipe.network} is a head for a backbone, and none is named: set backbone, or choose another network"


def _facts_of_weights(recipe: Recipe) -> dict[str, str]:
    """Returns what decides the shapes of the weights and their meaning, with the network's own widths and depth."""
    network = find_network(recipe.network)
    return {
        "network": recipe.network,
        "widths": as_text(recipe.widths or network.widths),
        "depth": str(recipe.depth or network.depth),
        "output": recipe.output,
        "normalisation": recipe.normalisation,
    }
