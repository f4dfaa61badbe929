"""Tests mixup and CutMix against their papers' formulas, for pictures and labels."""

from dataclasses import replace

import numpy as np
import pytest

from datasets.errors import UserError
from models.augmentation.blending import draw_for_cutmix, draw_for_mixup, draw_shares, new_blend
from models.augmentation.chance import BatchPlace
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe

pytestmark = pytest.mark.slow

CLASSES = 10
SEEDS = [np.array([4, number], np.int32) for number in range(3)]
MIXUP, CUTMIX = Recipe("mixed", mixup=0.4), Recipe("cut", cutmix=1.0)


def batch(count: int = 64, height: int = 16, width: int = 24) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    pixels = random.integers(0, 256, (count, height, width, 3), np.uint8)
    return pixels, random.integers(0, CLASSES, count).astype(np.int32)


def test_a_recipe_that_cannot_blend_is_refused():
    with pytest.raises(UserError, match="leave mixup at 0, or leave output at softmax"):
        resolve("plain", {}, {"mixup": 0.2, "output": "binary"})
    with pytest.raises(UserError, match="batch_size = 1: a batch of one has no other picture to blend with"):
        resolve("plain", {}, {"cutmix": 1.0, "batch_size": 1})


def blended(recipe: Recipe, pixels: np.ndarray, labels: np.ndarray, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    shown, shares = new_blend(recipe, CLASSES)(pixels, labels, BatchPlace(0, first, ()))
    return shown.numpy(), shares.numpy()


@pytest.mark.parametrize("recipe", [MIXUP, CUTMIX, replace(MIXUP, cutmix=1.0)], ids=["mixup", "cutmix", "both"])
def test_labels_are_shares_of_two_classes_at_most_and_sum_to_one(recipe):
    pixels, labels = batch()
    shown, shares = blended(recipe, pixels, labels)
    assert shown.dtype == np.uint8
    assert shares.dtype == np.float32
    assert shares.shape == (64, CLASSES)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert ((shares > 0).sum(axis=1) <= 2).all()
    assert ((shares > 0.01) & (shares < 0.99)).any()


@pytest.mark.parametrize("alpha", [0.2, 1.0, 8.0])
def test_shares_are_of_the_beta_distribution(alpha):
    shares = draw_shares(np.zeros((20_000, 1, 1, 3), np.uint8), alpha, SEEDS[0]).numpy()
    assert abs(shares.mean() - 1 / 2) < 0.01
    assert abs(shares.var() - 1 / (4 * (2 * alpha + 1))) < 0.005
    assert shares.min() >= 0
    assert shares.max() <= 1


def test_a_very_small_alpha_blends_hardly_ever_and_never_gives_what_is_no_number():
    shares = draw_shares(np.zeros((2_000, 1, 1, 3), np.uint8), 0.001, SEEDS[0]).numpy()
    assert np.isfinite(shares).all()
    assert ((shares > 0.01) & (shares < 0.99)).mean() < 0.02


def test_mixup_is_the_weighted_mean_of_two_pictures_and_of_their_labels():
    pixels, labels = batch()
    shown, shares = blended(MIXUP, pixels, labels)
    drawn = draws_of(MIXUP, pixels)
    share, other = drawn["mix_weight"].numpy(), drawn["permutation_order"].numpy()
    one_hot = np.eye(CLASSES, dtype=np.float32)[labels]
    of_each = share[:, None, None, None]
    np.testing.assert_allclose(shown, of_each * pixels + (1 - of_each) * pixels[other], atol=0.51)
    np.testing.assert_allclose(shares, share[:, None] * one_hot + (1 - share[:, None]) * one_hot[other], atol=1e-6)
    assert sorted(other) == list(range(64))
    assert len(set(share)) == 64  # a share for each picture


def draws_of(recipe: Recipe, pixels: np.ndarray) -> dict:
    import tensorflow as tf

    from models.augmentation.chance import RandomStream, seed_of

    seeds = tf.unstack(tf.random.split(seed_of(recipe, RandomStream.BLENDING, 0, 0), 4))[1:]
    draw, alpha = (draw_for_mixup, recipe.mixup) if recipe.mixup else (draw_for_cutmix, recipe.cutmix)
    return draw(pixels, alpha, seeds)


def test_cutmix_pastes_one_box_and_its_area_within_the_picture_is_the_label_share():
    pixels, labels = batch(256)
    shown, shares = blended(CUTMIX, pixels, labels)
    drawn = draws_of(CUTMIX, pixels)
    other, box = drawn["permutation_order"].numpy(), drawn["batch_masks"].numpy()
    np.testing.assert_array_equal(shown, np.where(box, pixels[other], pixels))
    inside = box[..., 0]
    np.testing.assert_array_equal(inside.sum(axis=(1, 2)), inside.any(2).sum(1) * inside.any(1).sum(1))  # one box
    kept = 1 - inside.mean(axis=(1, 2))
    one_hot = np.eye(CLASSES)[labels]
    np.testing.assert_allclose(shares, kept[:, None] * one_hot + (1 - kept[:, None]) * one_hot[other], atol=1e-6)


def test_a_box_has_the_papers_sides_before_it_is_clipped():
    pixels = np.zeros((4_000, 20, 30, 3), np.uint8)
    inside = draw_for_cutmix(pixels, 1.0, SEEDS)["batch_masks"].numpy()[..., 0]
    share = draw_shares(pixels, 1.0, SEEDS[1]).numpy()
    heights, widths = inside.any(2).sum(1), inside.any(1).sum(1)
    high, wide = (np.floor(np.sqrt(1 - share) * side) for side in (20, 30))
    assert (heights <= high).all()
    assert (widths <= wide).all()
    unclipped = ~(inside[:, [0, -1]].any((1, 2)) | inside[:, :, [0, -1]].any((1, 2))) & (heights * widths > 0)
    assert unclipped.sum() > 500
    np.testing.assert_array_equal(heights[unclipped], high[unclipped])
    np.testing.assert_array_equal(widths[unclipped], wide[unclipped])
    assert ((heights < high) & (heights > 0)).any()  # some hang over an edge


def test_blending_keeps_the_mean_of_all_pictures():
    pixels, labels = batch(2_000, 8, 8)
    pixels = pixels // 4 + (labels * 18)[:, None, None, None].astype(np.uint8)
    for recipe in (MIXUP, CUTMIX):
        shown, shares = blended(recipe, pixels, labels)
        assert abs(shown.mean() - pixels.mean()) < 2
        np.testing.assert_allclose(shares.mean(axis=0), np.eye(CLASSES)[labels].mean(axis=0), atol=0.02)


def test_where_both_are_on_each_batch_takes_one_of_them():
    black_or_white = np.repeat(np.array([0, 255], np.uint8), 32)[:, None, None, None] * np.ones((1, 8, 8, 3), np.uint8)
    labels = np.repeat(np.array([0, 1], np.int32), 32)
    both = new_blend(Recipe("both", mixup=1.0, cutmix=1.0), CLASSES)
    are_mixed = []
    for first in range(0, 40 * 64, 64):
        shown = both(black_or_white, labels, BatchPlace(0, first, ()))[0].numpy()
        are_mixed.append(((shown > 0) & (shown < 255)).any())
    assert 10 <= sum(are_mixed) <= 30


def test_another_batch_is_blended_otherwise_and_the_same_one_alike():
    pixels, labels = batch()
    first, again, later = (blended(CUTMIX, pixels, labels, first) for first in (0, 0, 64))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[0] != later[0]).any()
