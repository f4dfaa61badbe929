"""The network as it learns: some layers work in quicker ways, pictures come resized, and there may be DropBlock.

The view works on the weights of the network itself, which is what is measured and saved.
"""

from typing import TYPE_CHECKING, Any

from models.building.assembly import RESIZING
from models.building.dropblock import with_dropblock
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

PICTURE_AXES = 4  # n, height, width, channels


def training_view(model: "keras.Model", recipe: Recipe) -> "keras.Model":
    """Returns a model that shares all weights with this one, to train through."""
    view = _with_quick_layers(model)
    return with_dropblock(view, recipe) if recipe.dropblock else view


def _with_quick_layers(model: "keras.Model") -> "keras.Model":
    from keras.layers import BatchNormalization
    from keras.models import clone_model

    def call(layer: "keras.Layer", *inputs: Any, **options: Any) -> Any:
        if layer.name == RESIZING:
            return inputs[0]
        if isinstance(layer, BatchNormalization) and len(inputs[0].shape) == PICTURE_AXES:
            return quick_batch_norm(layer)(*inputs)
        if is_slow_silu(layer):
            return quick_silu(layer)(*inputs)
        return layer(*inputs, **options)

    return clone_model(model, clone_function=lambda layer: layer, call_function=call)


def quick_batch_norm(norm: "keras.layers.BatchNormalization") -> "keras.Layer":
    """Returns a layer that gives what this one gives for pictures, and keeps the averages of this one.

    It does so in one operation while it learns, where Keras goes over the values ten times.
    """
    import keras
    import tensorflow as tf

    class QuickBatchNorm(keras.Layer):
        """A batch norm over the last axis, with the weights of another."""

        def __init__(self) -> None:
            super().__init__(dtype=norm.dtype_policy, name=f"{norm.name}_joined")
            self._norm = norm

        def call(self, values: Any, training: bool = False) -> Any:
            """Returns normalised values, and moves the averages while it learns."""
            if not (training and norm.trainable):
                return norm(values)
            channels = values.shape[-1]
            normalised, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
                x=values,
                scale=tf.convert_to_tensor(norm.gamma) if norm.scale else tf.ones(channels),
                offset=tf.convert_to_tensor(norm.beta) if norm.center else tf.zeros(channels),
                mean=tf.zeros(0),
                variance=tf.zeros(0),
                epsilon=norm.epsilon,
                is_training=True,
            )
            count = tf.cast(tf.size(values) // channels, tf.float32)
            # The operation divides by one less than the number of values (unbiased); Keras keeps the mean square.
            for average, now in ((norm.moving_mean, mean), (norm.moving_variance, variance * (1 - 1 / count))):
                average.assign(average * norm.momentum + now * (1 - norm.momentum))
            return normalised

    return QuickBatchNorm()


def is_slow_silu(layer: "keras.Layer") -> bool:
    """Returns whether a layer is SiLU in bfloat16, whose slope takes TensorFlow three times as long as in float32."""
    import keras

    is_silu = isinstance(layer, keras.layers.Activation) and layer.activation is keras.activations.silu
    return is_silu and layer.compute_dtype == "bfloat16"


def quick_silu(layer: "keras.layers.Activation") -> "keras.Layer":
    """Returns a layer that gives what this one gives in two thirds of the time: its slope is computed in float32."""
    import keras

    class QuickSilu(keras.Layer):
        """A SiLU in bfloat16 with its slope in float32."""

        def call(self, values: Any) -> Any:
            """Returns the activated values."""
            return _silu(values, self.name)

    return QuickSilu(dtype=layer.dtype_policy, name=f"{layer.name}_quick")


def _silu(values: Any, name: str) -> Any:
    import tensorflow as tf

    @tf.custom_gradient  # type: ignore[untyped-decorator]  # TensorFlow comes without types
    def silu(values: Any) -> Any:
        def slope(upstream: Any) -> Any:
            with tf.name_scope(f"{name}_slope"):
                exact, upstream = tf.cast(values, tf.float32), tf.cast(upstream, tf.float32)
                sigmoid = tf.sigmoid(exact)
                return tf.cast(upstream * sigmoid * (1 + exact * (1 - sigmoid)), values.dtype)

        return values * tf.sigmoid(values), slope  # TensorFlow makes one operation of the product

    return silu(values)
