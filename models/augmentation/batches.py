"""What a recipe makes of a batch of pictures before the network sees it."""

from typing import TYPE_CHECKING

from models.augmentation.chance import Place, Stream, seed_of
from models.augmentation.colours import jitter_by_chance
from models.augmentation.cutout import cut_out
from models.augmentation.moving import mirror_in_turn, move_by_chance, warps
from models.augmentation.randaugment import randaugment
from models.augmentation.shifting import shift_by_chance, shifts_alone
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


def augment(pixels: "tf.Tensor", recipe: Recipe, place: Place) -> "tf.Tensor":
    """Each picture of the batch changed by its own draw."""
    changes = (
        (warps(recipe), move_by_chance, Stream.MOVING),
        (shifts_alone(recipe), shift_by_chance, Stream.MOVING),
        (recipe.randaugment > 0, randaugment, Stream.RANDAUGMENT),
        (recipe.colorjitter > 0, jitter_by_chance, Stream.COLOURS),
        (recipe.cutout > 0, cut_out, Stream.CUTOUT),
    )
    for is_on, change, stream in changes:
        if is_on:
            pixels = change(pixels, recipe, seed_of(recipe, stream, place.epoch, place.first))
    return mirror_in_turn(pixels, recipe, place) if recipe.mirrored_fraction else pixels
