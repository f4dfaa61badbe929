from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from datasets.catalog import find_dataset
from datasets.errors import UserError
from datasets.sources.cifar.classes import CIFAR10, CIFAR100_FINE
from models.building.assembly import assemble
from models.explanation.layer_table import LayerTable, layer_table
from models.networks.catalog import find_network
from models.recipes.declaration import declared_options
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.recipes.table import BUILT_IN, FOLDERS

pytestmark = pytest.mark.slow

PLAIN = Recipe("plain")
DROPOUT = Recipe("dropout", convolution_dropout=(0.25,), dense_dropout=0.5)


def built(recipe: Recipe, shape: tuple[int, int, int], class_count: int):
    return assemble(recipe, np.zeros((1, *shape), np.uint8), class_count)


def kinds(model) -> list[str]:
    return [type(layer).__name__ for layer in model.layers]


def test_five_convolutions_and_three_dense_layers_end_in_a_probability_a_class():
    model = built(PLAIN, (32, 32, 3), 6)
    assert [kinds(model).count(kind) for kind in ("Conv2D", "Dense", "Dropout")] == [5, 3, 0]
    probabilities = model.predict(np.zeros((2, 32, 32, 3), np.uint8), verbose=0)
    assert probabilities.shape == (2, 6)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


def test_dropout_falls_twice_among_the_convolutions_and_once_among_the_dense_layers():
    weighty = [kind for kind in kinds(built(DROPOUT, (32, 32, 3), 6)) if kind in ("Conv2D", "Dense", "Dropout")]
    first_dense = weighty.index("Dense")
    convolutions, dense = weighty[:first_dense], weighty[first_dense:]
    assert (convolutions.count("Conv2D"), convolutions.count("Dropout")) == (5, 2)
    assert (dense.count("Dense"), dense.count("Dropout")) == (3, 1)
    assert "Dropout" not in (convolutions[0], convolutions[-1], dense[-1])


@pytest.mark.parametrize("shape", [(16, 16, 3), (17, 23, 3), (96, 64, 3)])
def test_any_size_of_picture_from_sixteen_pixels_will_do(shape):
    model = built(PLAIN, shape, 2)
    assert model.predict(np.zeros((1, *shape), np.uint8), verbose=0).shape == (1, 2)


def test_layers_have_the_same_names_whatever_was_built_before():
    first, second = (built(DROPOUT, (16, 16, 3), 3) for _ in range(2))
    assert [variable.path for variable in first.weights] == [variable.path for variable in second.weights]
    assert first.name == second.name


def test_pictures_are_scaled_inside_the_network():
    model = built(PLAIN, (16, 16, 3), 3)
    scaled = model.get_layer("rescaling")(np.array([[0, 51, 255]], np.uint8))
    np.testing.assert_allclose(scaled, [[0, 0.2, 1]], rtol=1e-6)


@pytest.mark.parametrize("side", [16, 33, 64, 150])
def test_seven_convolutions_name_pictures_of_any_size(side):
    model = built(resolve("quick", {}, {}), (side, side + 5, 3), 3)
    assert [kinds(model).count(kind) for kind in ("Conv2D", "BatchNormalization", "Dense")] == [7, 6, 1]
    probabilities = model.predict(np.full((2, side, side + 5, 3), 90, np.uint8), verbose=0)
    assert probabilities.shape == (2, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


OWN = [name for name in BUILT_IN if not resolve(name, {}, {}).backbone]
FAMILIES = sorted({resolve(name, {}, {}).network for name in OWN})
NETWORKS = {family: find_network(family) for family in FAMILIES}
SMALLEST = {family: network.smallest_side for family, network in NETWORKS.items() if network.smallest_side > 1}


@cache
def published(shape: Recipe, dataset: str) -> LayerTable:
    """The layers of a network for the data set that it was published for."""
    side, classes = FOLDERS[dataset] if dataset in FOLDERS else (32, find_dataset(dataset, {}).classes)
    return layer_table(shape, side, classes)


@pytest.mark.parametrize("name", OWN)
def test_each_recipe_has_the_number_of_parameters_that_is_said_of_it(name):
    recipe = resolve(name, {}, {})
    sizes = [name for name, option in declared_options(Recipe).items() if option.decides_size]
    shape = Recipe("", **{option: getattr(recipe, option) for option in sizes})
    assert published(shape, BUILT_IN[name].dataset).parameters == BUILT_IN[name].parameters


THREE_A = (896, 9_248, 18_496, 36_928, 36_928, 36_928, 131_584, 5_130)
THREE_B = (448, 2_320, 4_640, 9_248, 18_496, 36_928, 131_584, 5_130)


@pytest.mark.parametrize(("name", "parameters"), [("three-a", THREE_A), ("three-b", THREE_B)])
def test_the_layers_of_three_blocks_are_those_that_were_published(name, parameters):
    rows = layer_table(resolve(name, {}, {}), 32, CIFAR10).rows
    assert tuple(row.parameters for row in rows if row.parameters) == parameters
    order = "Conv2D Conv2D MaxPooling2D Dropout " * 3 + "Flatten Dense Dropout Dense"
    assert [row.kind for row in rows[2:]] == order.split()
    assert [row.output[0] for row in rows if row.kind == "Conv2D"] == [32, 30, 15, 13, 6, 4]
    assert next(row.output for row in rows if row.kind == "Flatten") == (256,)


def test_residual_layers_are_those_of_the_paper_which_counts_what_is_trained():
    table = layer_table(resolve("resnet", {}, {}), 32, CIFAR10)
    assert sum(row.kind in ("Conv2D", "Dense") for row in table.rows) == 20
    assert (table.parameters, table.trainable) == (271_098, 269_722)
    deeper = layer_table(replace(resolve("resnet", {}, {}), depth=32), 32, CIFAR10)
    assert sum(row.kind in ("Conv2D", "Dense") for row in deeper.rows) == 32
    assert deeper.trainable == 464_154


def test_a_residual_shortcut_is_every_other_value_with_empty_channels_around():
    from keras import Input, Model

    from models.networks.residual import _shortcut

    pictures = Input((5, 4, 2))
    values = np.random.default_rng(0).normal(size=(1, 5, 4, 2)).astype("float32")
    shortcut = np.asarray(Model(pictures, _shortcut(pictures, 6, 2, "x"))(values))
    assert shortcut.shape == (1, 3, 2, 6)
    np.testing.assert_array_equal(shortcut[..., 2:4], values[:, ::2, ::2])
    assert not shortcut[..., [0, 1, 4, 5]].any()


def test_a_wide_residual_network_has_its_papers_parameters_and_layers():
    assert layer_table(resolve("wide-resnet", {}, {}), 32, CIFAR10).trainable == 2_748_890
    wider = replace(resolve("wide-resnet", {}, {}), depth=10, widths=(32, 64, 128))
    on_the_way = [
        row for row in layer_table(wider, 32, CIFAR10).rows if row.kind == "Conv2D" and "shortcut" not in row.name
    ]
    assert [row.output[-1] for row in on_the_way] == [16, 32, 32, 64, 64, 128, 128]


def test_a_transformer_embeds_each_patch_with_a_bias_for_its_place():
    model = built(resolve("vit", {}, {}), (32, 32, 3), 10)
    kernel, bias = model.get_layer("embedding").weights
    assert (kernel.shape, bias.shape) == ((4, 4, 3, 128), (8, 8, 128))
    picture = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3), np.uint8)
    from keras import Model

    seen = np.asarray(Model(model.input, model.get_layer("embedding").output)(picture))
    scaled = np.asarray(model.get_layer("rescaling")(picture))
    patch = np.tensordot(scaled[0, 4:8, 8:12], np.asarray(kernel), 3)
    np.testing.assert_allclose(seen[0, 1, 2], patch + np.asarray(bias)[1, 2], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_network_takes_small_odd_and_oblong_pictures(family):
    least = SMALLEST.get(family, 8)
    assert built(Recipe("mine", network=family), (least + 7, least, 3), 4).output.shape == (None, 4)


@pytest.mark.parametrize(("family", "least"), SMALLEST.items())
def test_a_network_that_would_leave_nothing_of_a_picture_says_what_size_it_needs(family, least):
    with pytest.raises(
        UserError, match=f"{family} needs pictures of {least} pixels and more, and these are {least - 1}"
    ):
        built(Recipe("mine", network=family), (least, least - 1, 3), 4)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_network_heeds_its_options(family):
    options = {"widths": (64,), "depth": 2} if family == "vit" else {"convolution_dropout": (0.2,)}
    recipe = Recipe("mine", network=family, dense_dropout=0.5, weight_penalty=1e-3, **options)
    model = built(recipe, (48, 48, 3), 4)
    shares = {layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"}
    assert shares == {0.5, *options.get("convolution_dropout", ())}
    kernels = [weight for weight in model.trainable_weights if weight.name == "kernel"]
    assert len(model.losses) == len(kernels)
    penalty = sum(1e-3 * float(np.sum(np.square(kernel))) for kernel in kernels)
    assert float(sum(model.losses)) == pytest.approx(penalty, rel=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_widths_are_a_number_a_block_and_no_other_count_will_do(family):
    own = NETWORKS[family].widths
    narrow = Recipe("mine", network=family, widths=tuple(12 * (n + 1) for n in range(len(own))))
    assert set(narrow.widths) <= {row.output[-1] for row in layer_table(narrow, 48, CIFAR10[:4]).rows}
    with pytest.raises(UserError, match=f"{family} has {len(own)} blocks: give as many, as widths = "):
        resolve("plain", {}, {"network": family, "widths": (8,) * (len(own) + 1)})


@pytest.mark.parametrize("family", [name for name in FAMILIES if NETWORKS[name].dropout_places])
def test_a_share_for_each_place_is_dropped_there_and_no_other_count_will_do(family):
    places = NETWORKS[family].dropout_places
    shares = tuple(0.1 + place / 100 for place in range(places))
    model = built(Recipe("mine", network=family, convolution_dropout=shares), (48, 48, 3), 4)
    rates = [layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"]
    assert tuple(dict.fromkeys(rates)) == shares
    with pytest.raises(UserError, match=f"{family} has {places} places for it: give one for all, or one for each"):
        resolve("plain", {}, {"network": family, "convolution_dropout": (*shares, 0.5)})


def test_frozen_layers_are_no_longer_trained():
    table = layer_table(resolve("fine-cnn-frozen", {}, {}), 32, CIFAR100_FINE)
    frozen = sum(row.parameters for row in table.rows if row.name.startswith(("block_1", "block_2")))
    running_averages = 2 * (256 + 256 + 512)
    assert table.trainable == table.parameters - frozen - running_averages


def test_pictures_are_judged_at_the_last_scale_to_which_the_network_shrinks_them_itself():
    import tensorflow as tf

    from models.building.training_view import training_view

    recipe = replace(resolve("quick", {}, {}), scales=(0.5, 0.75))
    model = built(recipe, (40, 60, 3), 3)
    pixels = np.random.default_rng(0).integers(0, 256, (4, 40, 60, 3), np.uint8)
    np.testing.assert_array_equal(model(pixels), model(pixels, training=False))
    convolution = model.get_layer("convolution_0")
    assert convolution.output.shape[1:3] == (29, 44)
    shrunk = tf.image.resize(pixels, (30, 45), antialias=True)
    view = training_view(model, recipe)  # learns from what it is given, which comes shrunk
    np.testing.assert_allclose(view(tf.cast(tf.round(shrunk), tf.uint8)), model(pixels), atol=0.01)
