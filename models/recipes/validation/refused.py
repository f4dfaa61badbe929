"""Options of a recipe that cannot go together, told before anything is trained; loads no TensorFlow."""

from datasets.errors import UserError
from models.networks.catalog import find_network
from models.networks.network import refuse_small_pictures
from models.recipes.recipe import Recipe
from models.recipes.validation.backbones import about_the_start
from models.recipes.validation.idle import about_idle_options
from models.recipes.validation.learning import about_learning
from models.recipes.validation.networks import about_the_network
from models.resizing import scale_index


def refuse_contradictions(recipe: Recipe) -> None:
    """Refuse a recipe that contradicts itself."""
    for reason in _contradictions(recipe):
        raise UserError(f"recipe {recipe.name}: {reason}")
    find_network(recipe.network).check(recipe)


def refuse_for_classes(recipe: Recipe, class_count: int) -> None:
    """Refuse a recipe that does not go with so many classes."""
    if recipe.output == "binary" and class_count != 2:
        raise UserError(
            f"recipe {recipe.name}: output = binary tells two classes apart, and there are {class_count}: set output "
            "to softmax, or name two classes"
        )


def refuse_for_side(recipe: Recipe, side: int) -> None:
    """Refuse a recipe whose network leaves nothing of pictures of this side, in pixels, at their smallest scale."""
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


def _contradictions(recipe: Recipe) -> list[str]:
    parts = (_table, about_the_network, about_the_start, about_learning, about_idle_options)
    return [reason for part in parts for is_so, reason in part(recipe) if is_so]


def _table(recipe: Recipe) -> list[tuple[bool, str]]:
    blends = "mixup" if recipe.mixup else "cutmix"
    return [
        (
            recipe.output == "binary" and bool(recipe.mixup or recipe.cutmix),
            f"{blends} blends labels, which a binary output has not; leave {blends} at 0, or output at softmax",
        ),
        (
            recipe.batch_size == 1 and bool(recipe.mixup or recipe.cutmix),
            f"batch_size = 1 leaves no other picture to blend with; give more, or leave {blends} at 0",
        ),
        (
            recipe.output == "binary" and recipe.predict == "coarse",
            "a binary output tells two classes apart, of which there is nothing to sum; leave predict at classes",
        ),
    ]
