"""Tests that batch norm in one operation learns as Keras's does in many, and is not in what is saved."""

import numpy as np
import pytest

from models.building.assembly import assemble
from models.building.training_view import quick_batch_norm, training_view
from models.recipes.recipe import Recipe

pytestmark = pytest.mark.slow

PICTURES = np.random.default_rng(0).normal(3, 2, (20, 5, 4, 6)).astype(np.float32)


def new_norm(**options):
    import keras

    norm = keras.layers.BatchNormalization(momentum=0.7, epsilon=1e-3, **options)
    norm.build(PICTURES.shape)
    weights = np.random.default_rng(1).normal(1, 0.2, (len(norm.trainable_weights), 6))
    for weight, values in zip(norm.trainable_weights, weights, strict=True):
        weight.assign(values)
    return norm


def learnt(layer, norm):
    """Returns the layer's output, and its gradients by pictures and weights."""
    import tensorflow as tf

    pictures = tf.constant(PICTURES)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        said = layer(pictures, training=True)
        total = tf.reduce_sum(said * tf.sin(pictures))
    return [said, *tape.gradient(total, [pictures, *norm.trainable_weights])]


@pytest.mark.parametrize("options", [{}, {"scale": False}, {"center": False}])
def test_it_gives_the_values_slopes_and_averages_of_keras(options):
    usual, norm = new_norm(**options), new_norm(**options)
    for ours, keras_own in zip(learnt(quick_batch_norm(norm), norm), learnt(usual, usual), strict=True):
        np.testing.assert_allclose(ours, keras_own, rtol=1e-4, atol=1e-4)
    for ours, keras_own in zip(norm.weights, usual.weights, strict=True):
        np.testing.assert_allclose(ours, keras_own, rtol=1e-5)


def test_it_says_what_keras_says_once_it_no_longer_learns():
    norm = new_norm()
    norm(PICTURES, training=True)
    np.testing.assert_array_equal(quick_batch_norm(norm)(PICTURES, training=False), norm(PICTURES))


def test_a_frozen_one_keeps_its_averages():
    norm = new_norm()
    norm.trainable = False
    np.testing.assert_array_equal(quick_batch_norm(norm)(PICTURES, training=True), norm(PICTURES))
    assert (norm.moving_mean.numpy() == 0).all()


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_a_network_learns_through_it_and_is_saved_without(precision):
    recipe = Recipe("small", network="seven_convolutions", widths=(4, 4, 4, 4), precision=precision)
    pixels = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3), np.uint8)
    model = assemble(recipe, pixels, 3)
    view = training_view(model, recipe)
    assert [weight.path for weight in view.trainable_variables] == [w.path for w in model.trainable_variables]
    assert "Joined" not in model.to_json()
    np.testing.assert_array_equal(view(pixels), model(pixels))
    loose = 1e-5 if precision == "float32" else 0.05
    np.testing.assert_allclose(view(pixels, training=True), model(pixels, training=True), atol=loose)
