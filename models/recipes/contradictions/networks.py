"""Options that a recipe's network cannot heed; loads no TensorFlow."""

import importlib

from models.recipes.recipe import Recipe


def about_the_network(recipe: Recipe) -> list[tuple[bool, str]]:
    """Whether each contradiction is there, and what it is."""
    network = recipe.network
    family = importlib.import_module(f"models.networks.{network}")
    is_without_convolutions = not getattr(family, "HAS_CONVOLUTIONS", True)
    return [
        (
            recipe.first_scale != 1 and not getattr(family, "TAKES_ANY_SIZE", False),
            f"{network} takes pictures of one size; leave first_scale at 1, or choose another network",
        ),
        (
            recipe.first_scale != 1 and recipe.dropblock > 0,
            "dropblock cuts its squares from pictures of one size; leave first_scale at 1, or dropblock at 0",
        ),
        (
            recipe.depth > 0 and not hasattr(family, "DEPTH"),
            f"{network} comes in one depth only; leave depth at 0, or choose another network",
        ),
        (
            bool(recipe.widths) and not hasattr(family, "WIDTHS"),
            f"{network} has no widths; leave them out, or choose another network",
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
            any(recipe.convolution_dropout) and is_without_convolutions,
            f"{network} has no convolutions; leave convolution_dropout at 0, for dense_dropout does what can be done",
        ),
    ]
