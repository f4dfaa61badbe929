"""Colour jitter: brightness, contrast, saturation and hue, each picture's by its own draws."""

from typing import TYPE_CHECKING

from models.augmentation.chance import uniform
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

# At strength 1, to either side: those of SimCLR (Chen et al. 2020), whose brightness multiplies; to add half as much
# does the same to a middle grey.
BRIGHTNESS, CONTRAST, SATURATION, HUE = 0.4, 0.8, 0.8, 0.2


def jitter_by_chance(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    brightness, contrast, saturation, hue = (recipe.colorjitter * draws for draws in uniform(seed, 4, pixels))
    return jitter(pixels, BRIGHTNESS * brightness, 1 + CONTRAST * contrast, 1 + SATURATION * saturation, HUE * hue)


# Keras's RandomColorJitter draws from a counter that no checkpoint holds, makes saturations above 1 and so values below
# 0 of pixels from 0 to 255, and goes to hues and back twice, at twice the cost (benchmarks/augmentation_speed.py).
def jitter(
    pixels: "tf.Tensor", brightness: "tf.Tensor", contrast: "tf.Tensor", saturation: "tf.Tensor", hue: "tf.Tensor"
) -> "tf.Tensor":
    """As Keras's four layers one after the other: a number for each picture is added, and three multiply or turn."""
    import tensorflow as tf

    each = (-1, 1, 1, 1)
    values = tf.cast(pixels, tf.float32) / 255
    values = tf.clip_by_value(values + tf.reshape(brightness, each), 0, 1)
    mean = tf.reduce_mean(values, (1, 2), keepdims=True)
    values = tf.clip_by_value(mean + (values - mean) * tf.reshape(contrast, each), 0, 1)
    hues, saturations, brightest = tf.unstack(tf.image.rgb_to_hsv(values), axis=3)
    hues = tf.math.floormod(hues + tf.reshape(hue, each[:3]), 1)
    saturations = tf.minimum(saturations * tf.reshape(saturation, each[:3]), 1)
    values = tf.image.hsv_to_rgb(tf.stack((hues, saturations, brightest), axis=3))
    return tf.cast(tf.round(255 * values), tf.uint8)
