"""The last layer of every network, and how its output is read: one probability for each class.

With a binary output a network gives only the probability of the second of two classes.
"""

from typing import TYPE_CHECKING, Any

from models.networks.parts import kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def add_probabilities(recipe: Recipe, x: "keras.KerasTensor", class_count: int) -> "keras.KerasTensor":
    """Returns a probability for each class; with a binary output, that of the second class alone."""
    from keras import layers

    units, activation = (1, "sigmoid") if recipe.output == "binary" else (class_count, "softmax")
    # Probabilities stay float32, whatever the precision of the rest.
    return layers.Dense(
        units,
        activation=activation,
        dtype="float32",
        kernel_regularizer=kernel_penalty(recipe),
        name="probabilities",
    )(x)


def of_every_class(output: Any) -> Any:
    """Returns the probability of every class [n, classes], from the output of a model as a tensor or an array."""
    from keras import ops

    return output if output.shape[-1] > 1 else ops.concatenate([1 - output, output], axis=-1)


def class_count(model: Any) -> int:
    """Returns the number of classes that a model tells apart."""
    return max(2, int(model.output_shape[-1]))
