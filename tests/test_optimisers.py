from typing import Any

import numpy as np
import pytest

from models.recipes.recipe import Recipe
from models.training.optimisers import new_optimiser

pytestmark = pytest.mark.slow

KERNEL, BIAS = np.full((3, 2), 2.0, np.float32), np.full(2, 3.0, np.float32)
GRADIENTS = [np.full((3, 2), 0.5, np.float32), np.full(2, -0.25, np.float32)]


def new_model() -> Any:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.set_weights([KERNEL, BIAS])
    return model


def weights_after(optimiser: Any, model: Any, gradients: list[np.ndarray], steps: int = 3) -> list[np.ndarray]:
    for _ in range(steps):
        optimiser.apply(gradients, model.trainable_variables)
    return model.get_weights()


@pytest.mark.parametrize(
    ("options", "name", "arguments"),
    [
        ({"optimiser": "adam"}, "Adam", {}),
        ({"optimiser": "adam", "weight_decay": 0.1}, "Adam", {"weight_decay": 0.1}),
        ({"optimiser": "adamw", "weight_decay": 0.1}, "AdamW", {"weight_decay": 0.1}),
        ({"optimiser": "rmsprop", "weight_decay": 0.1}, "RMSprop", {"weight_decay": 0.1}),
        ({"optimiser": "sgd"}, "SGD", {"momentum": 0.9, "nesterov": True}),
        ({"optimiser": "sgd", "momentum": 0.0}, "SGD", {}),
        (
            {"optimiser": "sgd", "momentum": 0.5, "weight_decay": 0.1},
            "SGD",
            {"momentum": 0.5, "nesterov": True, "weight_decay": 0.1},
        ),
    ],
)
def test_a_step_is_that_of_keras_own_class_by_that_name(options, name, arguments):
    import keras

    ours, theirs = new_model(), new_model()
    optimiser = new_optimiser(Recipe("mine", learning_rate=0.02, **options), ours)
    assert type(optimiser) is getattr(keras.optimizers, name)
    reference = getattr(keras.optimizers, name)(0.02, **arguments)
    reference.exclude_from_weight_decay(var_names=["bias"])
    moved, expected = (
        weights_after(each, model, GRADIENTS) for each, model in ((optimiser, ours), (reference, theirs))
    )
    for one, other in zip(moved, expected, strict=True):
        assert (one == other).all()


def test_decay_takes_its_share_off_kernels_and_leaves_biases_and_batch_norms_alone():
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.BatchNormalization()])
    before = [variable.numpy() + 1 for variable in model.trainable_variables]
    for variable, value in zip(model.trainable_variables, before, strict=True):
        variable.assign(value)
    optimiser = new_optimiser(Recipe("mine", optimiser="adamw", weight_decay=0.1, learning_rate=0.5), model)
    optimiser.apply([np.zeros_like(value) for value in before], model.trainable_variables)
    after = [variable.numpy() for variable in model.trainable_variables]
    assert after[0] == pytest.approx(before[0] * (1 - 0.1 * 0.5))
    assert all((one == other).all() for one, other in zip(after[1:], before[1:], strict=True))


def test_frozen_layers_have_no_part_in_it():
    model = new_model()
    model.layers[0].trainable = False
    assert len(new_optimiser(Recipe("mine"), model).variables) == 2  # the step and the rate alone


def test_decay_leaves_the_biases_of_attention_alone_which_have_two_axes():
    from models.building.assembly import assemble
    from models.recipes.lookup import resolve

    recipe = resolve("vit", {}, {})
    model = assemble(recipe, np.zeros((1, 32, 32, 3), np.uint8), 4)
    optimiser = new_optimiser(recipe, model)
    biases = [weight for weight in model.trainable_variables if weight.name == "bias"]
    assert any(len(bias.shape) > 1 for bias in biases)
    for bias in biases:
        bias.assign(np.ones(bias.shape))
    optimiser.apply([np.zeros(weight.shape, np.float32) for weight in model.trainable_variables])
    for bias in biases:
        np.testing.assert_array_equal(bias, 1)
