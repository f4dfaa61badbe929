"""Options that a recipe's network cannot heed; loads no TensorFlow."""

import importlib
from types import ModuleType

from models.recipes.phases import is_own
from models.recipes.recipe import Recipe


def about_the_network(recipe: Recipe) -> list[tuple[bool, str]]:
    """Whether each contradiction is there, and what it is."""
    family = importlib.import_module(f"models.networks.{recipe.network}")
    of_its_own = family.contradictions(recipe) if hasattr(family, "contradictions") else []
    return [*_of_its_size(recipe, family), *_of_its_dropouts(recipe, family), *of_its_own]


def _of_its_size(recipe: Recipe, family: ModuleType) -> list[tuple[bool, str]]:
    network, own_widths = recipe.network, getattr(family, "WIDTHS", ())
    return [
        (
            is_own(recipe, "scales") and not getattr(family, "TAKES_ANY_SIZE", False),
            f"{network} takes pictures of one size; leave scales at 1, or choose another network",
        ),
        (not recipe.scales, "scales names no size to show pictures at; give 1 for their own"),
        (
            recipe.depth > 0 and not hasattr(family, "DEPTH"),
            f"{network} comes in one depth only; leave depth at 0, or choose another network",
        ),
        (
            bool(recipe.widths) and not own_widths,
            f"{network} has no widths; leave them out, or choose another network",
        ),
        (
            len(recipe.widths) not in (0, len(own_widths)),
            f"widths has {len(recipe.widths)} numbers, but {network} has {len(own_widths)} blocks: give as many, as "
            f"widths = {','.join(map(str, own_widths))}",
        ),
    ]


def _of_its_dropouts(recipe: Recipe, family: ModuleType) -> list[tuple[bool, str]]:
    network, shares, places = recipe.network, recipe.convolution_dropout, getattr(family, "DROPOUT_PLACES", 0)
    is_without_convolutions = not getattr(family, "HAS_CONVOLUTIONS", True)
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
            f"{network} has no convolutions for dropblock to work on; leave dropblock at 0, or choose another network",
        ),
        (
            any(shares) and is_without_convolutions,
            f"{network} has no convolutions; leave convolution_dropout at 0, for dense_dropout does what can be done",
        ),
        (
            any(shares) and len(shares) not in (1, places),
            f"convolution_dropout has {len(shares)} numbers, but {network} has {places} places for it: give one for "
            "all, or one for each",
        ),
    ]
