"""Tests that SiLU learns by the slope of Keras's own, computed more exactly where that is quicker."""

import numpy as np
import pytest

from models.building.training_view import is_slow_silu, quick_silu

pytestmark = pytest.mark.slow

VALUES = np.random.default_rng(0).normal(0, 3, (20, 5, 4, 6)).astype(np.float32)
ROUNDING = 2**-8  # of bfloat16


def said_and_slope(layer, precision):
    import tensorflow as tf

    values = tf.cast(VALUES, precision)
    with tf.GradientTape() as tape:
        tape.watch(values)
        said = layer(values)
    return [np.asarray(tf.cast(made, tf.float32)) for made in (said, tape.gradient(said, values))]


def test_it_gives_what_kerass_gives_and_its_slope_is_within_bfloat16s_rounding():
    import keras
    import tensorflow as tf

    layer = keras.layers.Activation("silu", dtype="mixed_bfloat16")
    said, slope = said_and_slope(quick_silu(layer), "bfloat16")
    np.testing.assert_array_equal(said, said_and_slope(layer, "bfloat16")[0])
    rounded = tf.cast(tf.cast(VALUES, "bfloat16"), "float64")
    sigmoid = tf.sigmoid(rounded)
    np.testing.assert_allclose(slope, sigmoid * (1 + rounded * (1 - sigmoid)), rtol=ROUNDING, atol=1e-6)


def test_only_silu_in_bfloat16_is_slow():
    from keras.layers import Activation, ReLU

    assert is_slow_silu(Activation("silu", dtype="mixed_bfloat16"))
    assert is_slow_silu(Activation("swish", dtype="mixed_bfloat16"))
    assert not is_slow_silu(Activation("silu"))
    assert not is_slow_silu(Activation("gelu", dtype="mixed_bfloat16"))
    assert not is_slow_silu(ReLU(dtype="mixed_bfloat16"))
