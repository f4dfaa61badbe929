"""A small network without a top that never learnt, saved as a backbone is."""

from pathlib import Path


def write_tiny_backbone(path: Path, seed: int = 0, side: int | None = None) -> Path:
    """Writes a network of two convolutions with batch norm between, for pictures of one side or of any."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    pictures = keras.Input((side, side, 3))
    x = layers.Conv2D(8, 3, strides=2, activation="relu", name="convolution_1")(pictures)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Conv2D(12, 3, activation="relu", name="convolution_2")(x)
    keras.Model(pictures, x, name="tiny").save(path)
    return path
