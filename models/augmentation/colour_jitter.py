"""Changes brightness, contrast, saturation and hue of each picture by random amounts of its own."""

from typing import TYPE_CHECKING

from models.augmentation.chance import draw_amounts
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

# The most at strength 1, to either side, as in SimCLR (Chen et al. 2020). SimCLR multiplies by the brightness; adding
# half of it does the same to a middle grey.
BRIGHTNESS, CONTRAST, SATURATION, HUE = 0.4, 0.8, 0.8, 0.2


def jitter_at_random(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with colours changed by random amounts, as strongly as the recipe says."""
    brightness, contrast, saturation, hue = (recipe.colorjitter * amounts for amounts in draw_amounts(seed, 4, pixels))
    return jitter(pixels, BRIGHTNESS * brightness, 1 + CONTRAST * contrast, 1 + SATURATION * saturation, HUE * hue)


# Keras's RandomColorJitter draws from a counter that no checkpoint holds. It makes saturations above 1, and so values
# below 0, of pixels from 0 to 255. It converts to hues and back twice, at twice the cost
# (benchmarks/augmentation_speed.py).
def jitter(
    pixels: "tf.Tensor", brightness: "tf.Tensor", contrast: "tf.Tensor", saturation: "tf.Tensor", hue: "tf.Tensor"
) -> "tf.Tensor":
    """Returns what the four layers of Keras give one after the other, with a number for each picture and change.

    Brightness is added, contrast and saturation multiply, and hue turns the colours.
    """
    import tensorflow as tf

    one_each = (-1, 1, 1, 1)
    values = tf.cast(pixels, tf.float32) / 255
    values = tf.clip_by_value(values + tf.reshape(brightness, one_each), 0, 1)
    mean = tf.reduce_mean(values, (1, 2), keepdims=True)
    values = tf.clip_by_value(mean + (values - mean) * tf.reshape(contrast, one_each), 0, 1)
    hues, saturations, brightest = tf.unstack(tf.image.rgb_to_hsv(values), axis=3)
    hues = tf.math.floormod(hues + tf.reshape(hue, one_each[:3]), 1)
    saturations = tf.minimum(saturations * tf.reshape(saturation, one_each[:3]), 1)
    values = tf.image.hsv_to_rgb(tf.stack((hues, saturations, brightest), axis=3))
    return tf.cast(tf.round(255 * values), tf.uint8)
