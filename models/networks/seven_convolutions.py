"""Seven convolutions with batch norm, averaged over the whole picture: learns in a few epochs, and from any size."""

from typing import TYPE_CHECKING, Any

from models.recipe import Recipe

if TYPE_CHECKING:
    import keras

FIRST_WIDTH, WIDTHS = 32, (64, 128, 128)
LARGE_SIDE = 40  # pixels; pictures twice as large and more are shrunk to about this size
# Running averages over some ten steps: with the usual hundred, a short training ends on those of its beginning.
MOMENTUM = 0.8


def build(recipe: Recipe, shape: tuple[int, int, int], class_count: int) -> "keras.Model":
    """The untrained network: pictures in as uint8 [n, any height, any width, 3], a probability per class out."""
    from keras import Input, Model, layers

    pictures = Input((None, None, 3), dtype="uint8", name="pictures")
    x = layers.Rescaling(1 / 64, offset=-2, name="rescaling")(pictures)
    if (shrinkage := min(shape[:2]) // LARGE_SIDE) > 1:
        x = layers.AveragePooling2D(shrinkage, name="shrinking")(x)

    def convolution(x: Any, width: int, name: str) -> Any:
        return layers.Conv2D(
            width, 3, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"convolution_{name}"
        )(x)

    def normalised(x: Any, name: str) -> Any:
        x = layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=f"norm_{name}")(x)
        return layers.ReLU(name=f"relu_{name}")(x)

    x = layers.Conv2D(FIRST_WIDTH, 2, activation="relu", kernel_initializer="he_normal", name="convolution_0")(x)
    for number, width in enumerate(WIDTHS, start=1):
        x = convolution(x, width, f"{number}a")
        x = layers.MaxPooling2D(2, name=f"pooling_{number}")(x)
        x = convolution(normalised(x, f"{number}a"), width, f"{number}b")
        x = normalised(x, f"{number}b")
    x = layers.GlobalAveragePooling2D(name="average")(x)
    if recipe.dense_dropout:
        x = layers.Dropout(recipe.dense_dropout, name="dropout")(x)
    # Probabilities stay float32, whatever the precision of the rest.
    x = layers.Dense(class_count, activation="softmax", dtype="float32", name="probabilities")(x)
    return Model(pictures, x, name="seven_convolutions")
