"""Shows which places of a picture count for a class (Grad-CAM, Selvaraju et al. 2017).

The weight of a channel is the slope of the score of the class, averaged over all places. The heat of a place is the
weighted sum of its channels, where that is above 0. Scores are those before softmax or sigmoid, as in the paper: behind
them the score of a class also depends on all other classes, and hardly moves where it is close to 1.
"""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from models.explanation.layer_calls import LayerCall, LayerMap, listen

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


LEAST_PLACES = 4  # along each side; two by two places show nothing


def layer_to_look_at(maps: Sequence[LayerMap]) -> LayerMap | None:
    """Returns the last map that is as large as the last convolution's, or None if there is no map.

    A convolution with fewer places than LEAST_PLACES is passed over, unless there is no other.
    """
    if not maps:
        return None
    large_enough = [one for one in maps if min(one.rows, one.columns) >= LEAST_PLACES] or maps
    last = next((one for one in reversed(large_enough) if one.call.is_convolution), large_enough[-1])
    return [one for one in maps if (one.rows, one.columns) == (last.rows, last.columns)][-1]


def heat_of(model: "keras.Model", pixels: np.ndarray, labels: np.ndarray, looked_at: LayerMap) -> np.ndarray:
    """Returns how much each place counts for the class: float32 [pictures, rows, columns], 0 to 1 in each picture."""
    import tensorflow as tf

    positions, heard = count(), []  # calls from this layer on: those before it would fill the memory

    with tf.GradientTape(watch_accessed_variables=False) as tape:

        def hear(call: LayerCall) -> None:
            position = next(positions)
            if position == looked_at.position:
                tape.watch(call.output)
            if position >= looked_at.position:
                heard.append(call)

        listen(model, pixels, hear)
        scores = tf.gather(class_scores(heard), labels, batch_dims=1)
    values = heard[0].output
    return _heat(looked_at.laid_out(values), looked_at.laid_out(tape.gradient(scores, values)))


def _heat(values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    weights = slopes.mean(axis=(1, 2), keepdims=True)
    heat = np.maximum((weights * values).sum(axis=-1), 0)
    highest = heat.max(axis=(1, 2), keepdims=True)
    scaled: np.ndarray = heat / np.where(highest > 0, highest, 1)
    return scaled


def class_scores(calls: Sequence[LayerCall]) -> "tf.Tensor":
    """Returns the score of every class before it becomes a probability, [pictures, classes].

    With a binary output the score of the first class is that of the second with the other sign. If probabilities are
    summed to those of superclasses, the score of a sum is the logarithm of the sum of exponentials.
    """
    import tensorflow as tf

    last = next(position for position in range(len(calls) - 1, -1, -1) if _gives_probabilities(calls[position].layer))
    dense = calls[last].layer
    scores = tf.cast(calls[last].input, tf.float32) @ dense.kernel + dense.bias
    if scores.shape[-1] == 1:
        scores = tf.concat((-scores, scores), axis=-1)
    for summing in calls[last + 1 :]:
        is_part = tf.cast(summing.layer.kernel, tf.bool)
        scores = tf.reduce_logsumexp(tf.where(is_part, scores[:, :, None], -np.inf), axis=1)
    return scores


def _gives_probabilities(layer: "keras.Layer") -> bool:
    from keras import layers

    return isinstance(layer, layers.Dense) and layer.activation.__name__ in ("softmax", "sigmoid")
