"""The whitened network's first layer: patches without correlation, of the pictures it will learn from, and frozen."""

import numpy as np
import pytest

from models.building.assembly import assemble
from models.building.training_view import training_view
from models.building.whitening import whiten
from models.recipes.recipe import Recipe
from models.training.muon import new_muon

pytestmark = pytest.mark.slow

RECIPE = Recipe("white", network="whitened", widths=(4, 4, 4), normalisation="double")


def smooth_pictures(count: int = 60) -> np.ndarray:
    """Neighbours much alike, as in photos, and colours too."""
    noise = np.random.default_rng(0).integers(0, 256, (count, 20, 20, 3))
    blurred = (noise + np.roll(noise, 1, axis=1) + np.roll(noise, 1, axis=2)) // 3
    return ((blurred + blurred.mean(axis=3, keepdims=True)) // 2).astype(np.uint8)


def said_of_patches(model, pixels: np.ndarray) -> np.ndarray:
    import keras

    patches = keras.Model(model.inputs[0], model.get_layer("patches").output)(pixels)
    return np.asarray(patches).reshape(-1, 24)


def test_patches_come_out_without_correlation_and_of_one_spread():
    pixels = smooth_pictures()
    said = said_of_patches(assemble(RECIPE, pixels, 3), pixels)[:, :12]
    np.testing.assert_allclose(said.mean(axis=0), 0, atol=1e-3)
    covariance = np.cov(said.T)
    np.testing.assert_allclose(covariance - np.diag(np.diag(covariance)), 0, atol=1e-3)
    assert np.diag(covariance) == pytest.approx(1, abs=0.05)


def test_each_direction_comes_with_its_opposite():
    said = said_of_patches(assemble(RECIPE, smooth_pictures(), 3), smooth_pictures(3))
    np.testing.assert_allclose(said[:, :12], -said[:, 12:], atol=1e-4)


def test_grey_pictures_and_those_of_one_colour_are_whitened_too():
    grey = np.repeat(smooth_pictures()[..., :1], 3, axis=3)
    for pixels in (grey, np.full((2, 20, 20, 3), 7, np.uint8)):
        assert np.isfinite(said_of_patches(assemble(RECIPE, pixels, 3), pixels)).all()


def test_it_is_frozen_while_all_else_learns():
    import tensorflow as tf

    pixels = smooth_pictures()
    model = assemble(RECIPE, pixels, 3)
    before = {weight.path: weight.numpy() for weight in model.weights}
    view, optimiser = training_view(model, RECIPE), new_muon(0.1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(view(pixels, training=True)[:, 0])
    optimiser.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    same = {weight.path for weight in model.weights if np.array_equal(before[weight.path], weight.numpy())}
    assert same == {"patches/kernel", "patches/bias"}


def test_a_layer_gets_its_weights_from_the_pictures_alone_in_however_many_batches_they_come():
    from keras import layers

    pictures, kernels = smooth_pictures() / 64 - 2, []
    for batches in ([pictures], [pictures[:7], pictures[7:]]):
        layer = layers.Conv2D(24, 2)
        layer.build((None, None, None, 3))
        whiten(layer, batches)
        kernels.append(layer.kernel.numpy())
    np.testing.assert_allclose(*kernels, rtol=1e-4, atol=1e-6)
