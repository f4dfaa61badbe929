"""Grad-CAM (Selvaraju et al. 2017): which places of a picture spoke for a class.

A channel counts as much as the class's score rises with it, averaged over all places; the heat of a place is the sum of
its channels so counted, where that speaks for the class. Scores are those before softmax or sigmoid, as in the paper:
behind them the score of a class falls with that of every other, and where it is all but certain nothing moves it.
"""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from models.explanation.layer_calls import Map, Said, listen

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


LEAST_PLACES = 4  # along each side: in a heat of two by two nobody can tell what was looked at


def layer_to_look_at(maps: Sequence[Map]) -> Map | None:
    """The last map as large as that of the last convolution, so before it is pooled; None where there is no map.

    A convolution that tells fewer places apart is passed over, unless there is no other.
    """
    if not maps:
        return None
    telling = [one for one in maps if min(one.rows, one.columns) >= LEAST_PLACES] or maps
    last = next((one for one in reversed(telling) if one.call.is_convolution), telling[-1])
    return [one for one in maps if (one.rows, one.columns) == (last.rows, last.columns)][-1]


def heat_of(model: "keras.Model", pixels: np.ndarray, labels: np.ndarray, looked_at: Map) -> np.ndarray:
    """What speaks for one class in each picture: float32 [pictures, rows, columns], 0 to 1 in each."""
    import tensorflow as tf

    positions, heard = count(), []  # from the layer that is looked at on: all that came before would fill the memory

    with tf.GradientTape(watch_accessed_variables=False) as tape:

        def hear(call: Said) -> None:
            position = next(positions)
            if position == looked_at.position:
                tape.watch(call.said)
            if position >= looked_at.position:
                heard.append(call)

        listen(model, pixels, hear)
        scores = tf.gather(class_scores(heard), labels, batch_dims=1)
    values = heard[0].said
    return _heat(looked_at.laid_out(values), looked_at.laid_out(tape.gradient(scores, values)))


def _heat(values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    weights = slopes.mean(axis=(1, 2), keepdims=True)
    heat = np.maximum((weights * values).sum(axis=-1), 0)
    highest = heat.max(axis=(1, 2), keepdims=True)
    scaled: np.ndarray = heat / np.where(highest > 0, highest, 1)
    return scaled


def class_scores(calls: Sequence[Said]) -> "tf.Tensor":
    """The score of every class before it becomes a probability, [pictures, classes].

    A model that says only the second class's has that of the first with the other sign. Where probabilities of classes
    are summed to those of superclasses, the score of a sum is the logarithm of the sum of exponentials.
    """
    import tensorflow as tf

    place = next(place for place in range(len(calls) - 1, -1, -1) if _ends_in_probabilities(calls[place].layer))
    dense = calls[place].layer
    scores = tf.cast(calls[place].seen, tf.float32) @ dense.kernel + dense.bias
    if scores.shape[-1] == 1:
        scores = tf.concat((-scores, scores), axis=-1)
    for summing in calls[place + 1 :]:
        is_part = tf.cast(summing.layer.kernel, tf.bool)
        scores = tf.reduce_logsumexp(tf.where(is_part, scores[:, :, None], -np.inf), axis=1)
    return scores


def _ends_in_probabilities(layer: "keras.Layer") -> bool:
    from keras import layers

    return isinstance(layer, layers.Dense) and layer.activation.__name__ in ("softmax", "sigmoid")
