import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_pack import write_small_pack

from datasets.pack import read_subset
from models.recipes.recipe import Recipe
from models.training.history import EpochRow, best_epoch, most_accurate_epoch
from models.training.train import train

pytestmark = pytest.mark.slow


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(measured=st.lists(st.tuples(*[st.sampled_from([0.25, 0.5, 0.75, 1.0])] * 2), min_size=1, max_size=8))
def test_the_best_epochs_are_those_of_keras_callbacks_also_where_nothing_stopped_early(measured, tmp_path):
    import keras

    best = tmp_path / "best.weights.h5"
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    restoring = keras.callbacks.EarlyStopping(patience=20, restore_best_weights=True)
    checkpoint = keras.callbacks.ModelCheckpoint(
        best, "val_accuracy", mode="max", save_best_only=True, save_weights_only=True
    )
    for callback in (restoring, checkpoint):
        callback.set_model(model)
        callback.on_train_begin()
    for epoch, (loss, accuracy) in enumerate(measured):
        model.set_weights([np.array([[epoch + 1.0]])])
        for callback in (restoring, checkpoint):
            callback.on_epoch_end(epoch, {"val_loss": loss, "val_accuracy": accuracy})
    restoring.on_train_end()
    rows = [EpochRow(epoch, 1, 1, *both, 1e-3) for epoch, both in enumerate(measured, start=1)]
    assert best_epoch(rows) == model.get_weights()[0].item()
    model.load_weights(best)
    assert most_accurate_epoch(rows) == model.get_weights()[0].item()


@pytest.fixture(scope="module")
def pack_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_pack(tmp_path_factory.mktemp("keeping") / "pack", train=90, val=30)


def rows_of(folder: Path) -> list[EpochRow]:
    with (folder / "history.csv").open(newline="") as file:
        _, *rows = csv.reader(file)
    return [EpochRow(int(row[0]), *map(float, row[1:])) for row in rows]


def measured(model_path: Path, pack_dir: Path) -> Any:
    import keras

    model = keras.models.load_model(model_path)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.evaluate(*read_subset(pack_dir, "val"), verbose=0)


def test_the_most_accurate_weights_are_kept_beside_those_of_the_least_loss(pack_dir, tmp_path):
    # A patience that never ends it: the weights of the least loss are kept nevertheless, as Keras does.
    recipe = Recipe("mine", epochs=6, batch_size=16, learning_rate=2e-2, stop_patience=6, checkpoint="val_accuracy")
    train(recipe, pack_dir, tmp_path, "val", lambda line: None)
    rows = rows_of(tmp_path)
    least_loss, most_accurate = rows[best_epoch(rows) - 1], rows[most_accurate_epoch(rows) - 1]
    assert measured(tmp_path / "model.keras", pack_dir)[0] == pytest.approx(least_loss.val_loss, rel=1e-5)
    best = measured(tmp_path / "best_val_accuracy.keras", pack_dir)
    assert best == pytest.approx([most_accurate.val_loss, most_accurate.val_accuracy], rel=1e-5)
    assert not math.isclose(rows[-1].val_loss, least_loss.val_loss)  # else the last weights would have done


def test_without_the_option_there_is_one_model(pack_dir, tmp_path):
    train(Recipe("mine", epochs=1, batch_size=45), pack_dir, tmp_path, "val", lambda line: None)
    assert [path.name for path in tmp_path.glob("*.keras")] == ["model.keras"]
