"""The network SqueezeNet 1.1 (Iandola et al., 2016) without its top: 722,496 parameters, for pictures of any size."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

# Stages, each after a pooling, of fires: the channels squeezed to, and those of each of the two expansions.
STAGES = (((16, 64), (16, 64)), ((32, 128), (32, 128)), ((48, 192), (48, 192), (64, 256), (64, 256)))


def write_squeezenet(weights: Path, path: Path) -> None:
    """Saves the network with the weights of a Keras 2 file as one .keras file."""
    network = squeezenet()
    network.load_weights(weights)
    network.save(path)


def squeezenet() -> "keras.Model":
    """Returns the network, which takes pixels from blue to red, less their mean."""
    from keras import Input, Model, layers

    pictures = Input((None, None, 3))
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="convolution")(pictures)
    number = 2  # as in the paper, whose first layer is the convolution
    for stage, fires in enumerate(STAGES, start=1):
        x = layers.MaxPooling2D(3, strides=2, name=f"pooling_{stage}")(x)
        for squeezed, expanded in fires:
            x = fire(x, squeezed, expanded, f"fire_{number}")
            number += 1
    return Model(pictures, x, name="squeezenet")


def fire(x: "keras.KerasTensor", squeezed: int, expanded: int, name: str) -> "keras.KerasTensor":
    from keras import layers

    x = layers.Conv2D(squeezed, 1, activation="relu", name=f"{name}_squeeze")(x)
    small = layers.Conv2D(expanded, 1, activation="relu", name=f"{name}_expand_1")(x)
    large = layers.Conv2D(expanded, 3, padding="same", activation="relu", name=f"{name}_expand_3")(x)
    return layers.Concatenate(name=name)([small, large])
