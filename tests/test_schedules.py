from dataclasses import replace

import numpy as np
import pytest

from datasets.errors import UserError
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.training.history import EpochRow, next_learning_rates

STEPS = 7  # an epoch
RECIPE = Recipe("falling", epochs=10, learning_rate=0.3)


def all_rates(recipe: Recipe) -> np.ndarray:
    rows = [EpochRow(epoch, 1.0, 0.5, 1.0, 0.5, 0.3) for epoch in range(1, recipe.epochs)]
    return np.concatenate([next_learning_rates(recipe, rows[:done], STEPS) for done in range(recipe.epochs)])


def rates_of_keras(schedule, recipe: Recipe) -> list[float]:
    return [float(schedule(step)) for step in range(recipe.epochs * STEPS)]


@pytest.mark.slow
def test_cosine_is_keras_cosine_decay_over_all_steps():
    from keras.optimizers.schedules import CosineDecay

    recipe = replace(RECIPE, schedule="cosine")
    theirs = CosineDecay(recipe.learning_rate, recipe.epochs * STEPS)
    assert all_rates(recipe) == pytest.approx(rates_of_keras(theirs, recipe), abs=1e-7)
    assert all_rates(recipe)[0] == recipe.learning_rate


@pytest.mark.slow
@pytest.mark.parametrize("warmup_epochs", [1, 4, 9])
def test_cosine_after_a_warm_up_is_that_of_keras(warmup_epochs):
    from keras.optimizers.schedules import CosineDecay

    recipe = replace(RECIPE, schedule="cosine", warmup_epochs=warmup_epochs)
    warmup_steps = warmup_epochs * STEPS
    theirs = CosineDecay(
        0.0, recipe.epochs * STEPS - warmup_steps, warmup_target=recipe.learning_rate, warmup_steps=warmup_steps
    )
    assert all_rates(recipe) == pytest.approx(rates_of_keras(theirs, recipe), abs=1e-7)


@pytest.mark.slow
def test_staircase_is_keras_piecewise_constant_decay():
    from keras.optimizers.schedules import PiecewiseConstantDecay

    recipe = replace(RECIPE, schedule="staircase", stair_epochs=3, stair_factor=0.2)
    lasts = [3 * stair * STEPS - 1 for stair in (1, 2, 3)]  # Keras's boundary is the last step of the stair above
    theirs = PiecewiseConstantDecay(lasts, [0.3, 0.3 * 0.2, 0.3 * 0.2**2, 0.3 * 0.2**3])
    assert all_rates(recipe) == pytest.approx(rates_of_keras(theirs, recipe), rel=1e-6)


@pytest.mark.parametrize("schedule", ["steady", "staircase"])
def test_a_warm_up_rises_evenly_to_what_the_schedule_says_and_then_leaves_it_alone(schedule):
    recipe = replace(RECIPE, schedule=schedule, stair_epochs=4)
    warm = all_rates(replace(recipe, warmup_epochs=2))
    assert warm[: 2 * STEPS] == pytest.approx(0.3 * np.arange(2 * STEPS) / (2 * STEPS))
    assert (warm[2 * STEPS :] == all_rates(recipe)[2 * STEPS :]).all()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"schedule": "cosine", "plateau_patience": "3"}, "so does plateau_patience"),
        ({"schedule": "staircase", "plateau_patience": "3"}, "so does plateau_patience"),
        ({"schedule": "one_cycle", "warmup_epochs": "2", "plateau_patience": "0"}, "a rise of its own"),
        ({"warmup_epochs": "5", "epochs": "5"}, "leaves none of 5 epochs"),
        ({"ema": "0.99", "swa": "0.2"}, "only one can be the model"),
        ({"swa": "0.2", "stop_patience": "5"}, "the last one is not known beforehand"),
        ({"optimiser": "adamw"}, "adamw without weight_decay is adam"),
        ({"optimiser": "muon", "weight_decay": "0.1"}, "so the decay has no effect"),
        ({"optimiser": "muon", "weight_penalty": "0.1"}, "so a penalty has no effect"),
    ],
)
def test_what_contradicts_itself_is_refused_before_any_training(options, told):
    with pytest.raises(UserError, match=told):
        resolve("mine", {"mine": options}, {})
