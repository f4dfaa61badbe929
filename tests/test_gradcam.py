"""The heat of Grad-CAM, against a network small enough to work out by hand, and where it is taken."""

from dataclasses import replace

import numpy as np
import pytest
from small_networks import PICTURE, assembled, red_and_green

from models.backend import prepare_tensorflow
from models.evaluation.run_classes import RunClasses, with_summed_classes
from models.explanation.gradcam import class_scores, heat_of, layer_to_look_at
from models.explanation.layer_calls import calls_of, maps_among
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe


@pytest.fixture(scope="module", autouse=True)
def _tensorflow() -> None:
    prepare_tensorflow()


def heat(model, label: int) -> np.ndarray:
    (looked_at,) = [one for one in maps_among(calls_of(model, PICTURE)) if one.call.is_convolution]
    return heat_of(model, PICTURE, np.array([label]), looked_at)[0]


@pytest.mark.parametrize("bias", [(0, 0), (1e4, 0)], ids=["in doubt", "all but certain"])
def test_heat_is_what_the_formula_gives_by_hand(bias):
    # Class 0 rises by 1, 2, 3, 2 with red and falls by 1 with green: 2 red - green, which is 0, 2, 0, -2.
    np.testing.assert_allclose(heat(red_and_green(bias), 0), [[0, 1], [0, 0]])
    # Class 1 rises by 2 with green at one of four places: green / 2, which is 0, 0, 2, 4.
    np.testing.assert_allclose(heat(red_and_green(bias), 1), [[0, 0], [0.5, 1]])


def test_with_one_output_the_first_class_is_the_second_with_the_other_sign():
    model = red_and_green((0.5,))
    score = float(class_scores(calls_of(model, PICTURE))[0, 1])
    assert score == 0 * 1 + 1 * 2 + 2 * 3 - 4 + 3 * 2 - 8 + 0.5
    np.testing.assert_allclose(heat(model, 1), [[0, 1], [0, 0]])
    np.testing.assert_allclose(heat(model, 0), [[0, 0], [0, 1]])


def test_the_score_of_a_sum_rises_with_its_parts():
    summed = with_summed_classes(red_and_green(), RunClasses(["apple", "pear"], ["fruit_and_vegetables"] * 2))
    parts, whole = (np.asarray(class_scores(calls_of(model, PICTURE)))[0] for model in (red_and_green(), summed))
    np.testing.assert_allclose(whole, [np.log(np.exp(parts).sum())], rtol=1e-6)


def looked_at(recipe: Recipe, side: int = 32):
    return layer_to_look_at(maps_among(calls_of(assembled(recipe, side), np.zeros((1, side, side, 3), np.uint8))))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "layer", "sides"),
    [
        ("three-a", "convolution_3b", (4, 4)),  # before the pooling
        ("resnet", "stage_3_block_3_relu", (8, 8)),  # of all that is joined there
        ("cifar-vgg", "block_4c_norm", (4, 4)),  # in its last maps, of two by two places, nobody could tell where
        ("sprint", "convolution_3a", (5, 5)),
    ],
)
def test_the_last_map_before_the_last_pooling_is_looked_at(name, layer, sides):
    seen = looked_at(resolve(name, {}, {}))
    assert (seen.call.layer.name, (seen.rows, seen.columns)) == (layer, sides)


@pytest.mark.slow
def test_what_a_transformer_says_of_its_patches_is_laid_back_where_they_were():
    recipe = replace(resolve("vit", {}, {}), depth=1)
    seen = looked_at(recipe, side=24)
    assert (seen.call.layer.name, seen.rows, seen.columns, len(seen.call.output.shape)) == ("last_norm", 6, 6, 3)
    model, pixels = assembled(recipe, 24), np.zeros((1, 24, 24, 3), np.uint8)
    pixels[:, 4:8, 16:20] = 200  # the patch of row 1 and column 4
    embedded = {one.call.layer.name: one.laid_out(one.call.output)[0] for one in maps_among(calls_of(model, pixels))}
    black = {one.call.layer.name: one.laid_out(one.call.output)[0] for one in maps_among(calls_of(model, pixels * 0))}
    differs = [np.argwhere((embedded[name] != black[name]).any(axis=-1)) for name in ("embedding", "row_of_patches")]
    np.testing.assert_array_equal(differs, [[[1, 4]], [[1, 4]]])
