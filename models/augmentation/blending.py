"""Blends every picture and its label with another: Mixup (Zhang et al. 2018) and CutMix (Yun et al. 2019).

The layers of Keras do the blending, with random numbers drawn here. Those that Keras would draw come from a counter
that no checkpoint holds, with boxes that never hang over an edge, an alpha that is drawn too and is at most 1, and
labels whose shares are those of boxes that end between two pixels.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.augmentation.chance import BatchPlace, RandomStream, seed_of
from models.augmentation.cutout import draw_boxes
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

Batch = tuple["tf.Tensor", "tf.Tensor"]  # pixels, and labels as shares [n, classes]
Drawn = dict[str, "tf.Tensor"]  # by the names that the layers of Keras have for them


def blends_labels(recipe: Recipe) -> bool:
    """Returns whether the recipe blends pictures, so that their labels are shares of the classes."""
    return bool(recipe.mixup or recipe.cutmix)


def new_blend(recipe: Recipe, class_count: int) -> Callable[["tf.Tensor", "tf.Tensor", BatchPlace], Batch]:
    """Returns a function that blends a batch by mixup or CutMix; if the recipe has both, by one drawn for each batch.

    It must be called outside of any tf.data pipeline: in the graph of one Keras cannot make the counters of its layers.
    """
    import tensorflow as tf
    from keras.layers import CutMix, MixUp

    by_mixup, by_cutmix = MixUp(seed=0, dtype="float32"), CutMix(seed=0, dtype="float32")

    def blend(pixels: tf.Tensor, labels: tf.Tensor, place: BatchPlace) -> Batch:
        shares = tf.one_hot(labels, class_count)
        which, *seeds = tf.unstack(tf.random.split(seed_of(recipe, RandomStream.BLENDING, place.epoch, place.first), 4))

        def mixed_up() -> Batch:
            return _blended(pixels, shares, by_mixup, draw_for_mixup(pixels, recipe.mixup, seeds))

        def cut_and_mixed() -> Batch:
            return _blended(pixels, shares, by_cutmix, draw_for_cutmix(pixels, recipe.cutmix, seeds))

        if not (recipe.mixup and recipe.cutmix):
            return mixed_up() if recipe.mixup else cut_and_mixed()
        either: Batch = tf.cond(tf.random.stateless_uniform((), which) < 0.5, mixed_up, cut_and_mixed)
        return either

    return blend


def draw_for_mixup(pixels: "tf.Tensor", alpha: float, seeds: "list[tf.Tensor]") -> Drawn:
    """Returns which picture is laid over each, and the share that each keeps."""
    return {"permutation_order": draw_others(pixels, seeds[0]), "mix_weight": draw_shares(pixels, alpha, seeds[1])}


def draw_for_cutmix(pixels: "tf.Tensor", alpha: float, seeds: "list[tf.Tensor]") -> Drawn:
    """Returns which picture each gets a part of, where that part is, and the share of its area that each keeps."""
    import tensorflow as tf

    length = tf.sqrt(1 - draw_shares(pixels, alpha, seeds[1]))
    heights, widths = (tf.cast(length * side, tf.int32) for side in pixels.shape[1:3])
    pasted = draw_boxes(pixels, heights, widths, seeds[2])
    kept = 1 - tf.reduce_mean(tf.cast(pasted, tf.float32), (1, 2, 3))
    return {"permutation_order": draw_others(pixels, seeds[0]), "batch_masks": pasted, "mix_weight": kept}


def draw_others(pixels: "tf.Tensor", seed: "tf.Tensor") -> "tf.Tensor":
    """Returns the position in the batch of the picture that each is blended with."""
    import tensorflow as tf

    return tf.random.experimental.stateless_shuffle(tf.range(tf.shape(pixels)[0]), seed)


def draw_shares(pixels: "tf.Tensor", alpha: float, seed: "tf.Tensor") -> "tf.Tensor":
    """Returns a share from Beta(alpha, alpha) for each picture: the first of two gamma variables over their sum."""
    import tensorflow as tf

    shape, (of_gamma, of_uniform) = (2, tf.shape(pixels)[0]), tf.unstack(tf.random.split(seed, 2))
    # Gamma(alpha) is Gamma(alpha + 1) times U^(1/alpha), in logarithms because a small alpha brings it too close to 0.
    uniform = 1 - tf.random.stateless_uniform(shape, of_uniform)
    first, second = tf.unstack(
        tf.math.log(tf.random.stateless_gamma(shape, of_gamma, alpha + 1)) + tf.math.log(uniform) / alpha
    )
    return tf.sigmoid(first - second)


def _blended(pixels: "tf.Tensor", shares: "tf.Tensor", layer: "keras.layers.Layer", drawn: Drawn) -> Batch:
    import tensorflow as tf

    shown = layer.transform_images(pixels, drawn)
    return tf.cast(tf.round(shown), tf.uint8), layer.transform_labels(shares, drawn)
