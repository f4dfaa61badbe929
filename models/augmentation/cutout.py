"""Cutout (DeVries and Taylor 2017): a square of every picture is painted over."""

from typing import TYPE_CHECKING

from models.augmentation.boxes import draw_boxes
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

GREY = 128  # near to what is 0 once pixels are normalised, which is what the paper paints with


# Keras's RandomErasing is another paper's: oblongs of any shape, never over an edge, filled with noise.
def cut_out(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    side = tf.constant([max(1, round(recipe.cutout * min(pixels.shape[1:3])))])
    return tf.where(draw_boxes(pixels, side, side, seed), tf.constant(GREY, tf.uint8), pixels)
