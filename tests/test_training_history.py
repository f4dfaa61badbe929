import csv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.recipes.recipe import Recipe
from models.training.history import (
    EpochRow,
    best_epoch,
    is_over,
    next_learning_rates,
    open_history,
    rate_after_plateaus,
)

PLAIN = Recipe("plain", epochs=10)


def rows_of(*val_losses: float) -> list[EpochRow]:
    return [EpochRow(number, 1.5, 0.5, loss, 0.25, 1e-3) for number, loss in enumerate(val_losses, start=1)]


def test_the_best_epoch_is_the_earliest_of_the_lowest_val_loss():
    assert best_epoch(rows_of(3, 1, 2, 1)) == 2


@pytest.mark.parametrize(
    ("patience", "val_losses", "over"),
    [
        (0, [1, 2, 3, 4, 5], False),
        (2, [1, 2], False),
        (2, [1, 2, 3], True),
        (2, [3, 2, 1], False),
        (2, [3, 1, 1, 1], True),
        (2, [], False),
        (0, [1] * 10, True),
    ],
)
def test_a_training_ends_with_its_epochs_or_when_val_loss_stands_still(patience, val_losses, over):
    assert is_over(replace(PLAIN, stop_patience=patience), rows_of(*val_losses)) is over


def test_without_patience_the_learning_rate_stays():
    assert rate_after_plateaus(PLAIN, rows_of(1, 2, 3, 4)) == PLAIN.learning_rate


def test_a_plateau_lowers_the_learning_rate_and_the_wait_begins_again():
    recipe = replace(PLAIN, plateau_patience=2, plateau_factor=0.5, learning_rate=8.0)
    rates = [rate_after_plateaus(recipe, rows_of(*[3, 1, 2, 2, 2, 2, 0.5, 1][:count])) for count in range(9)]
    assert rates == [8, 8, 8, 8, 4, 4, 2, 2, 2]


def test_one_cycle_rises_for_a_fifth_of_the_steps_and_falls_to_nothing_over_the_rest():
    recipe = replace(PLAIN, schedule="one_cycle", learning_rate=2.0)
    rates = np.concatenate([next_learning_rates(recipe, rows_of(*[1.0] * done), 50) for done in range(recipe.epochs)])
    assert len(rates) == 500
    assert rates.max() == pytest.approx(2.0, rel=0.01)
    assert np.argmax(rates) in (99, 100)
    assert (np.diff(rates[:100]) > 0).all()
    assert (np.diff(rates[100:]) < 0).all()
    assert 0 < rates[-1] < 0.01


def test_a_steady_epoch_has_one_learning_rate():
    assert next_learning_rates(PLAIN, [], 3).tolist() == [PLAIN.learning_rate] * 3


def test_a_history_file_can_be_read_while_it_grows_and_holds_every_bit(tmp_path):
    path = tmp_path / "history.csv"
    first, second = EpochRow(1, 0.1 + 0.2, 1 / 3, 2 / 7, 1.0, 1e-3), EpochRow(2, 1e-17, 0.0, 3.0, 0.5, 5e-4)

    def read() -> list[EpochRow]:
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]
        return [EpochRow(int(row[0]), *map(float, row[1:])) for row in rows]

    with open_history(path, [first]) as add_row:
        assert read() == [first]
        add_row(second)
        assert read() == [first, second]


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    val_losses=st.lists(st.sampled_from([0.5, 0.99995, 1.0, 1.5, 2.0]), max_size=12),
    patience=st.integers(1, 4),
)
def test_plateau_and_stop_decide_as_the_callbacks_of_keras_do(val_losses, patience):
    import keras

    plateau = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=patience)
    stop = keras.callbacks.EarlyStopping(patience=patience)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0))
    model.stop_training = False
    for callback in (plateau, stop):
        callback.set_model(model)
        callback.on_train_begin()
    recipe = replace(PLAIN, epochs=100, learning_rate=1.0, plateau_patience=patience, stop_patience=patience)
    for epoch, val_loss in enumerate(val_losses):
        for callback in (plateau, stop):
            callback.on_epoch_end(epoch, {"val_loss": val_loss})
        rows = rows_of(*val_losses[: epoch + 1])
        assert rate_after_plateaus(recipe, rows) == model.optimizer.learning_rate.numpy()
        assert is_over(recipe, rows) == model.stop_training
        if model.stop_training:
            break
