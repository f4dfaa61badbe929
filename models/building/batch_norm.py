"""Batch norm while it learns, in one operation: Keras's goes over the values ten times."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def joined(norm: "keras.layers.BatchNormalization") -> "keras.Layer":
    """A layer that does as this one does, over the last axis of pictures, with its weights and averages."""
    import keras
    import tensorflow as tf

    class JoinedBatchNorm(keras.Layer):
        def __init__(self) -> None:
            super().__init__(dtype=norm.dtype_policy, name=f"{norm.name}_joined")
            self._norm = norm

        def call(self, values: Any, training: bool = False) -> Any:
            if not (training and norm.trainable):
                return norm(values)
            channels = values.shape[-1]
            said, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
                x=values,
                scale=tf.convert_to_tensor(norm.gamma) if norm.scale else tf.ones(channels),
                offset=tf.convert_to_tensor(norm.beta) if norm.center else tf.zeros(channels),
                mean=tf.zeros(0),
                variance=tf.zeros(0),
                epsilon=norm.epsilon,
                is_training=True,
            )
            count = tf.cast(tf.size(values) // channels, tf.float32)
            # The operation divides by one value less than there are (unbiased); Keras keeps the mean square itself.
            for average, now in ((norm.moving_mean, mean), (norm.moving_variance, variance * (1 - 1 / count))):
                average.assign(average * norm.momentum + now * (1 - norm.momentum))
            return said

    return JoinedBatchNorm()
