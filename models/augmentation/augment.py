"""Changes the pictures of a batch as the recipe says, before the network sees them."""

from typing import TYPE_CHECKING

from models.augmentation.chance import BatchPlace, RandomStream, seed_of
from models.augmentation.colour_jitter import jitter_at_random
from models.augmentation.cutout import cut_out
from models.augmentation.geometry import mirror_in_turn, move_at_random, only_shifts, shift_at_random, warps
from models.augmentation.randaugment import randaugment
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


def augment(pixels: "tf.Tensor", recipe: Recipe, place: BatchPlace) -> "tf.Tensor":
    """Returns the pictures of the batch, each changed by random numbers of its own."""
    changes = (
        (warps(recipe), move_at_random, RandomStream.GEOMETRY),
        (only_shifts(recipe), shift_at_random, RandomStream.GEOMETRY),
        (recipe.randaugment > 0, randaugment, RandomStream.RANDAUGMENT),
        (recipe.colorjitter > 0, jitter_at_random, RandomStream.COLOURS),
        (recipe.cutout > 0, cut_out, RandomStream.CUTOUT),
    )
    for is_on, change, stream in changes:
        if is_on:
            pixels = change(pixels, recipe, seed_of(recipe, stream, place.epoch, place.first))
    return mirror_in_turn(pixels, recipe, place) if recipe.mirrored_fraction else pixels
