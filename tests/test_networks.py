import numpy as np
import pytest

from models.assembly import assemble
from models.recipe import Recipe
from models.recipes import resolve

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
