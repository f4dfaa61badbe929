"""SiLU while it learns in bfloat16: its slope is worked out in float32, in two thirds of the time."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def is_slow_silu(layer: "keras.Layer") -> bool:
    """In bfloat16 TensorFlow's sigmoid, of which the slope is made, takes three times as long as in float32."""
    import keras

    is_silu = isinstance(layer, keras.layers.Activation) and layer.activation is keras.activations.silu
    return is_silu and layer.compute_dtype == "bfloat16"


def with_quick_slope(layer: "keras.layers.Activation") -> "keras.Layer":
    """A layer that gives what this one gives."""
    import keras

    class QuickSlope(keras.Layer):
        def call(self, values: Any) -> Any:
            return _silu(values, self.name)

    return QuickSlope(dtype=layer.dtype_policy, name=f"{layer.name}_quick")


def _silu(values: Any, name: str) -> Any:
    import tensorflow as tf

    @tf.custom_gradient  # type: ignore[untyped-decorator]  # TensorFlow comes without types
    def silu(values: Any) -> Any:
        def slope(wanted: Any) -> Any:
            with tf.name_scope(f"{name}_slope"):
                exact, wanted = tf.cast(values, tf.float32), tf.cast(wanted, tf.float32)
                sigmoid = tf.sigmoid(exact)
                return tf.cast(wanted * sigmoid * (1 + exact * (1 - sigmoid)), values.dtype)

        return values * tf.sigmoid(values), slope  # which TensorFlow makes one operation

    return silu(values)
