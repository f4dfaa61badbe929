"""The compiled steps of a training, which learn from batches and measure on the validation pictures."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.building.probabilities import of_every_class
from models.training.targets import Cost, losses_of, main_labels

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

FINITE = -1

Learn = Callable[
    ["tf.data.Iterator", "tf.Tensor", "tf.Tensor", "tf.Tensor"], tuple["tf.Tensor", "tf.Tensor", "tf.Tensor"]
]
Measure = Callable[["tf.Tensor", "tf.Tensor"], tuple["tf.Tensor", "tf.Tensor"]]


def learning_steps(model: "keras.Model", optimiser: "keras.optimizers.Optimizer", cost: Cost = losses_of) -> Learn:
    """Returns a function (batches, rates, first, count) that learns from the next `count` batches.

    `rates` are the learning rates of all steps of the epoch, and `first` is the number of the first step to take.

    The function returns the sum of the pictures' losses, how many pictures were named rightly, and which of its steps,
    counted from 0, was the first with a loss that was not finite, or FINITE.
    """
    import tensorflow as tf

    def learn(
        batches: tf.data.Iterator, rates: tf.Tensor, first: tf.Tensor, count: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        loss_sum, right, first_bad = tf.constant(0.0, tf.float64), tf.constant(0), tf.constant(FINITE)
        for step in tf.range(count):
            optimiser.learning_rate.assign(rates[first + step])
            pixels, labels = next(batches)
            with tf.GradientTape() as tape:
                loss, right_now = _loss_and_right(model, pixels, labels, True, cost)
            weights = model.trainable_variables
            optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            loss_sum += tf.cast(loss, tf.float64) * tf.cast(tf.shape(labels)[0], tf.float64)
            right += right_now
            if first_bad == FINITE and not tf.math.is_finite(loss):
                first_bad = step
        return loss_sum, right, first_bad

    compiled: Learn = tf.function(learn)
    return compiled


def measuring(model: "keras.Model", batch_size: int) -> Measure:
    """Returns a function (pixels, labels) that returns the sum of the loss, and how many pictures are named rightly."""
    import tensorflow as tf

    def measure(pixels: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        loss_sum, right = tf.constant(0.0, tf.float64), tf.constant(0)
        for start in tf.range(0, tf.size(labels), batch_size):
            batch = slice(start, start + batch_size)
            loss, right_now = _loss_and_right(model, pixels[batch], labels[batch], False)
            loss_sum += tf.cast(loss, tf.float64) * tf.cast(tf.size(labels[batch]), tf.float64)
            right += right_now
        return loss_sum, right

    compiled: Measure = tf.function(measure)
    return compiled


def _loss_and_right(
    model: "keras.Model", pixels: "tf.Tensor", labels: "tf.Tensor", training: bool, cost: Cost = losses_of
) -> tuple["tf.Tensor", "tf.Tensor"]:
    """Returns the mean loss of a batch, with the penalties on weights, and how many pictures are named rightly."""
    import tensorflow as tf

    probabilities = of_every_class(model(pixels, training=training))
    losses = cost(labels, probabilities)
    predicted = tf.argmax(probabilities, axis=-1, output_type=tf.int32)
    right = tf.math.count_nonzero(predicted == main_labels(labels), dtype=tf.int32)
    return tf.add_n([tf.reduce_mean(losses), *model.losses]), right
