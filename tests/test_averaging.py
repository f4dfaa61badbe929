from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small_pack import write_small_pack

from models.model_digest import content_digest
from models.recipes.recipe import Recipe
from models.training.averaging import averaged_epochs
from models.training.learner import Learner
from models.training.progress import warn_of_slow_average
from models.training.train import train
from models.training_input import Pictures

pytestmark = pytest.mark.slow

EPOCHS = 5
RECIPE = Recipe("mine", epochs=EPOCHS, batch_size=12, optimiser="sgd", learning_rate=0.05)  # one step an epoch

random = np.random.default_rng(4)
TRAINING = Pictures(random.integers(0, 256, (12, 4, 4, 3), np.uint8), np.arange(12, dtype=np.int32) % 3)
VALIDATING = Pictures(random.integers(0, 256, (9, 4, 4, 3), np.uint8), np.arange(9, dtype=np.int32) % 3)


def new_model() -> Any:
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((4, 4, 3), dtype="uint8"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3),
            layers.Flatten(),
            layers.BatchNormalization(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def learn(recipe: Recipe) -> tuple[Learner, list[Sequence[np.ndarray]]]:
    """A learner after all its epochs, and the trained weights that it went on from after each."""
    learner, after_each = Learner(recipe, TRAINING, VALIDATING, new_model()), []
    for _ in range(recipe.epochs):
        learner.learn_epoch(lambda steps: None)
        after_each.append(trained_weights(learner.model))
    return learner, after_each


def trained_weights(model: Any) -> list[np.ndarray]:
    return [weight.numpy() for weight in model.trainable_variables]


def loss_of(model: Any) -> float:
    model.compile(loss="sparse_categorical_crossentropy")
    return float(model.evaluate(*VALIDATING, verbose=0))


def test_ema_measures_and_keeps_the_moving_average_since_the_first_step_and_learning_goes_on_without_it():
    learner_without, plain = learn(RECIPE)
    learner, with_ema = learn(replace(RECIPE, ema=0.8))
    for ours, theirs in zip(plain, with_ema, strict=True):
        assert [weight.tobytes() for weight in ours] == [weight.tobytes() for weight in theirs]
    average = plain[0]
    for weights in plain[1:]:
        average = [0.8 * before + 0.2 * now for before, now in zip(average, weights, strict=True)]
    ((kept, loss),) = [(trained_weights(model), loss_of(model)) for _, model in learner.finished_models()]
    for ours, expected in zip(kept, average, strict=True):
        assert ours == pytest.approx(expected, abs=1e-6)
    assert loss == pytest.approx(learner.rows[-1].val_loss, rel=1e-5)
    assert loss != pytest.approx(learner_without.rows[-1].val_loss, rel=1e-5)


def test_a_moving_average_over_too_few_steps_is_warned_of():
    said: list[str] = []
    warn_of_slow_average(Recipe("mine", ema=0.99), 1001, said.append)
    warn_of_slow_average(Recipe("mine"), 1, said.append)
    assert not said
    warn_of_slow_average(Recipe("mine", ema=0.99), 101, said.append)
    assert said[0].startswith("mine  ema = 0.99 over 101 steps: the weights of the first step are still 37% of the")


@pytest.mark.parametrize(("swa", "averaged"), [(0.4, 2), (0.41, 3)])
def test_swa_keeps_the_mean_of_the_weights_after_each_of_the_last_epochs(swa, averaged):
    learner, after_each = learn(replace(RECIPE, swa=swa))
    means = [np.mean(weights, axis=0) for weights in zip(*after_each[-averaged:], strict=True)]
    (kept,) = [trained_weights(model) for _, model in learner.finished_models()]
    for ours, mean in zip(kept, means, strict=True):
        assert ours == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize(
    ("swa", "epochs", "averaged"), [(0.0, 30, 0), (0.07, 100, 7), (0.071, 100, 8), (0.29, 100, 29), (1e-9, 5, 1)]
)
def test_swa_is_over_the_share_of_epochs_that_it_says_rounded_up(swa, epochs, averaged):
    assert averaged_epochs(replace(RECIPE, swa=swa, epochs=epochs)) == averaged


@pytest.mark.parametrize("batch_size", [12, 5])
def test_swa_measures_batch_norms_again_with_the_mean_weights(batch_size):
    import keras

    learner, _ = learn(replace(RECIPE, swa=0.6, batch_size=batch_size))
    ((_, model),) = learner.finished_models()
    norm = model.layers[3]
    before_norm = keras.Model(model.inputs, norm.input).predict(TRAINING.pixels, verbose=0)
    assert norm.moving_mean.numpy() == pytest.approx(before_norm.mean(axis=0), abs=1e-5)
    if batch_size == 12:  # else it is the mean of the batches' own variances, which depends on who is in which
        assert norm.moving_variance.numpy() == pytest.approx(before_norm.var(axis=0), abs=1e-5)
    assert norm.momentum == 0.99


def test_frozen_batch_norms_stay_as_they_are():
    model = new_model()
    model.layers[3].trainable = False
    learner = Learner(replace(RECIPE, swa=1.0, epochs=1), TRAINING, None, model)
    learner.learn_epoch(lambda steps: None)
    list(learner.finished_models())
    assert (model.layers[3].moving_mean.numpy() == 0).all()


def test_swa_that_was_stopped_between_two_of_its_epochs_ends_with_the_same_bits(tmp_path):
    pack_dir = write_small_pack(tmp_path / "pack", train=60, val=12)
    recipe = Recipe("mean", "seven_convolutions", schedule="cosine", mixup=0.2, swa=0.6, epochs=3, batch_size=20)

    def stop_after_the_second_epoch(line: str) -> None:
        if "epoch 2/3" in line:
            raise InterruptedError

    def trained(name: str) -> tuple[str, bytes]:
        folder = tmp_path / name
        train(recipe, pack_dir, folder, "val", lambda line: None)
        return content_digest(folder / "model.keras"), (folder / "history.csv").read_bytes()

    for name in ("broken", "whole"):
        (tmp_path / name).mkdir()
    with pytest.raises(InterruptedError):
        train(recipe, pack_dir, tmp_path / "broken", "val", stop_after_the_second_epoch)
    assert trained("broken") == trained("whole")
