from dataclasses import replace

import numpy as np
import pytest

from models.recipes.recipe import Recipe
from models.training_input import Pictures, batch_bounds, shuffled_batches, steps_per_epoch

pytestmark = pytest.mark.slow

COUNT = 10
RECIPE = Recipe("fed", batch_size=4, epochs=3)


def pictures_of(count: int = COUNT) -> Pictures:
    """Each picture shows its own number, and so does its label."""
    numbers = np.arange(count)
    return Pictures(np.tile(numbers.astype(np.uint8)[:, None, None, None], (1, 16, 16, 3)), numbers.astype(np.int32))


def fed(recipe: Recipe, epochs_done: int = 0, pictures: Pictures | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
    batches = shuffled_batches(pictures or pictures_of(), recipe, COUNT, epochs_done)
    return [(pixels.numpy(), labels.numpy()) for pixels, labels in batches]


def orders(batches: list[tuple[np.ndarray, np.ndarray]]) -> list[list[int]]:
    numbers = np.concatenate([labels for _, labels in batches])
    return numbers.reshape(-1, COUNT).tolist()


def test_every_epoch_shows_every_picture_once_with_its_label_in_another_order():
    batches = fed(RECIPE)
    assert [len(labels) for _, labels in batches] == [3, 3, 4] * 3
    assert steps_per_epoch(COUNT, RECIPE) == 3
    assert all((pixels == labels[:, None, None, None]).all() for pixels, labels in batches)
    assert [sorted(order) for order in orders(batches)] == [list(range(COUNT))] * 3
    assert len({tuple(order) for order in orders(batches)}) == 3


@pytest.mark.parametrize(("count", "batch_size", "steps"), [(8, 4, 2), (9, 4, 3), (1, 4, 1), (1003, 500, 3), (7, 1, 7)])
def test_batches_are_as_long_as_any_other_or_by_one_shorter_and_none_is_too_long(count, batch_size, steps):
    lengths = np.diff(batch_bounds(count, replace(RECIPE, batch_size=batch_size)))
    assert lengths.sum() == count
    assert len(lengths) == steps
    assert lengths.max() <= batch_size
    assert lengths.max() - lengths.min() <= 1


def test_the_order_follows_from_the_seed():
    assert orders(fed(RECIPE)) == orders(fed(RECIPE)) != orders(fed(replace(RECIPE, seed=1)))


@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        replace(RECIPE, rotation_degrees=30, horizontal_shift_fraction=0.2),
        replace(RECIPE, mirrored_fraction=0.5, scales=(0.5, 1.0)),
        replace(RECIPE, vertical_shift_fraction=0.2, zoom_fraction=0.2, randaugment=0.5),
        replace(RECIPE, colorjitter=0.5, cutout=0.5, mixup=0.4, cutmix=1.0),
    ],
)
def test_a_later_start_is_fed_what_an_unbroken_training_is_fed(recipe):
    random = np.random.default_rng(0).integers(0, 256, (COUNT, 16, 16, 3), np.uint8)
    pictures = Pictures(random, pictures_of().labels)
    whole, later = fed(recipe, 0, pictures)[6:], fed(recipe, 2, pictures)
    for (pixels, labels), (later_pixels, later_labels) in zip(whole, later, strict=True):
        np.testing.assert_array_equal(pixels, later_pixels)
        np.testing.assert_array_equal(labels, later_labels)


def test_pictures_are_shown_at_each_scale_for_as_many_epochs():
    recipe = replace(RECIPE, epochs=8, scales=(0.5, 2 / 3, 5 / 6, 1.0))
    pictures = Pictures(np.full((COUNT, 16, 24, 3), 77, np.uint8), pictures_of().labels)
    batches = fed(recipe, 0, pictures)
    assert all((pixels == 77).all() for pixels, _ in batches)
    sides = [pixels.shape[1:3] for pixels, _ in batches[::3]]
    assert sides == [(8, 12)] * 2 + [(11, 16)] * 2 + [(13, 20)] * 2 + [(16, 24)] * 2


@pytest.mark.parametrize("epochs", [1, 2, 3, 4, 5])
def test_growing_pictures_are_as_large_as_they_are_in_the_last_epoch_however_few_there_are(epochs):
    recipe = replace(RECIPE, epochs=epochs, scales=(0.5, 0.6, 0.75, 1.0))
    sides = [pixels.shape[1] for pixels, _ in fed(recipe)]
    assert sides[-1] == fed(RECIPE)[0][0].shape[1]
    assert sides == sorted(sides)
    assert epochs == 1 or sides[0] < sides[-1]


def test_blended_pictures_come_with_shares_of_the_classes():
    batches = fed(replace(RECIPE, cutmix=1.0))
    assert [labels.shape for _, labels in batches] == [(3, COUNT), (3, COUNT), (4, COUNT)] * 3
    assert all(labels.dtype == np.float32 for _, labels in batches)
    for pixels, labels in batches:  # each picture is as bright as its number, and so is what is pasted
        np.testing.assert_allclose(pixels.mean(axis=(1, 2, 3)), labels @ np.arange(COUNT), atol=1e-4)


def test_features_are_shuffled_as_pictures_are_and_otherwise_left_alone():
    features = np.arange(COUNT, dtype=np.float32)[:, None] * [1, 0.5]
    batches = fed(RECIPE, 0, Pictures(features, pictures_of().labels))
    assert orders(batches) == orders(fed(RECIPE))
    for seen, labels in batches:
        np.testing.assert_array_equal(seen, features[labels])
