"""Five convolutions and three dense layers, with three dropouts where the recipe asks for them."""

from typing import TYPE_CHECKING

from models.recipe import Recipe

if TYPE_CHECKING:
    import keras


def build(recipe: Recipe, shape: tuple[int, int, int], class_count: int) -> "keras.Model":
    """The untrained network: pictures in as uint8 [n, *shape], a probability per class out."""
    from keras import Input, Model, layers

    pictures = Input(shape, dtype="uint8", name="pictures")
    x = layers.Rescaling(1 / 255, name="rescaling")(pictures)
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="convolution_1")(x)
    x = layers.MaxPooling2D(name="pooling_1")(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="convolution_2")(x)
    x = layers.MaxPooling2D(name="pooling_2")(x)
    if recipe.convolution_dropout:
        x = layers.Dropout(recipe.convolution_dropout, name="dropout_1")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="convolution_3")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="convolution_4")(x)
    x = layers.MaxPooling2D(name="pooling_3")(x)
    if recipe.convolution_dropout:
        x = layers.Dropout(recipe.convolution_dropout, name="dropout_2")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="convolution_5")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(256, activation="relu", name="dense_1")(x)
    if recipe.dense_dropout:
        x = layers.Dropout(recipe.dense_dropout, name="dropout_3")(x)
    x = layers.Dense(128, activation="relu", name="dense_2")(x)
    # Probabilities stay float32, whatever the precision of the rest.
    x = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return Model(pictures, x, name="five_convolutions")
