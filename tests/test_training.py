import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import unsettled_environment
from small_pack import write_small_pack

from datasets.errors import UserError
from datasets.pack import read_subset
from models import backend
from models.building.assembly import assemble
from models.model_digest import content_digest
from models.recipes.backbone_trainings import fine_tuning_recipe
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.training import learner
from models.training.train import train, train_on
from models.training_input import Pictures

pytestmark = pytest.mark.slow

PLAIN = Recipe("plain", batch_size=16, epochs=2)


@pytest.fixture(scope="module")
def pack_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_pack(tmp_path_factory.mktemp("training") / "pack", train=90, val=30, test=30)


def rows_of(history_csv: Path) -> list[dict[str, float]]:
    with history_csv.open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def run(recipe: Recipe, pack_dir: Path, folder: Path) -> list[str]:
    """Trains; returns the lines that were printed."""
    folder.mkdir(exist_ok=True)
    said: list[str] = []
    train(recipe, pack_dir, folder, "val", said.append)
    return said


@pytest.fixture(scope="module")
def trained(pack_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    run(PLAIN, pack_dir, folder)
    return folder


def test_a_training_leaves_a_model_its_history_and_a_summary(trained):
    assert sorted(path.name for path in trained.iterdir()) == [
        "classes.csv",
        "history.csv",
        "model.keras",
        "training.json",
    ]
    rows = rows_of(trained / "history.csv")
    assert [row["epoch"] for row in rows] == [1, 2]
    assert {row["learning_rate"] for row in rows} == {1e-3}
    summary = json.loads((trained / "training.json").read_text())
    assert (summary["epochs"], summary["seed"]) == (2, 0)
    assert summary["best_epoch"] == min(rows, key=lambda row: row["val_loss"])["epoch"]
    assert summary["train_seconds"] > 0
    assert {"threads", "parameters", "tensorflow", "keras"} <= set(summary)


def test_the_history_says_what_keras_measures(trained, pack_dir):
    import keras

    model = keras.models.load_model(trained / "model.keras")
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    val_loss, val_accuracy = model.evaluate(*read_subset(pack_dir, "val"), verbose=0)
    last = rows_of(trained / "history.csv")[-1]
    assert (last["val_loss"], last["val_accuracy"]) == pytest.approx((val_loss, val_accuracy), rel=1e-5)


def test_a_second_training_in_the_same_process_gives_the_same_bits_whatever_came_between(trained, pack_dir, tmp_path):
    run(replace(PLAIN, dense_dropout=0.5, seed=1, precision="mixed_bfloat16"), pack_dir, tmp_path / "between")
    run(PLAIN, pack_dir, tmp_path / "again")
    assert content_digest(tmp_path / "again" / "model.keras") == content_digest(trained / "model.keras")
    assert (tmp_path / "again" / "history.csv").read_bytes() == (trained / "history.csv").read_bytes()
    assert content_digest(tmp_path / "between" / "model.keras") != content_digest(trained / "model.keras")


@pytest.mark.parametrize("name", ["quick", "sprint"])
def test_a_recipe_for_few_epochs_learns_more_in_three_than_plain(name, pack_dir, tmp_path):
    for recipe in (replace(PLAIN, epochs=3), replace(resolve(name, {}, {}), epochs=3, batch_size=16)):
        run(recipe, pack_dir, tmp_path / recipe.name)
    plain, quick = (rows_of(tmp_path / folder / "history.csv") for folder in ("plain", name))
    assert quick[-1]["accuracy"] > plain[-1]["accuracy"]


@pytest.mark.parametrize("name", ["quick", "sprint"])
def test_a_recipe_for_few_epochs_goes_on_to_the_same_bits_with_nothing_to_validate_on(name, pack_dir, tmp_path):
    recipe = replace(resolve(name, {}, {}), epochs=3, batch_size=16)
    pictures = Pictures(*read_subset(pack_dir, "train"))

    def new_model():
        return assemble(recipe, pictures.pixels, 3)

    def stop_after_the_first_epoch(line: str) -> None:
        raise InterruptedError(line)

    for folder in ("broken", "whole"):
        (tmp_path / folder).mkdir()
    with pytest.raises(InterruptedError, match="epoch 1/3"):
        train_on(pictures, None, recipe, new_model, tmp_path / "broken", stop_after_the_first_epoch)
    said: list[str] = []
    train_on(pictures, None, recipe, new_model, tmp_path / "broken", said.append)
    train_on(pictures, None, recipe, new_model, tmp_path / "whole", lambda line: None)
    assert said[0] == f"{name}  continues after epoch 1"
    assert content_digest(tmp_path / "broken" / "model.keras") == content_digest(tmp_path / "whole" / "model.keras")
    assert (tmp_path / "broken" / "history.csv").read_bytes() == (tmp_path / "whole" / "history.csv").read_bytes()


def test_the_pictures_can_be_learnt(pack_dir, tmp_path):
    run(replace(PLAIN, epochs=12, batch_size=8), pack_dir, tmp_path)
    assert rows_of(tmp_path / "history.csv")[-1]["val_accuracy"] > 0.6


def test_one_line_is_said_an_epoch_and_nothing_else_is_printed(pack_dir, tmp_path):
    program = f"""
from pathlib import Path
from models.recipes.recipe import Recipe
from models.training.train import train
train(Recipe("quiet", batch_size=16, epochs=2), Path({str(pack_dir)!r}), Path({str(tmp_path)!r}), "val")
"""
    # In a process of its own, where TensorFlow has not yet said what it says while it loads.
    environment = unsettled_environment()
    command = [sys.executable, "-c", program]
    process = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    number = r"\d+\.\d{3}"
    line = (
        rf"quiet  epoch (\d)/2  loss {number}  accuracy {number}  val_loss {number}  val_accuracy {number}  \d+\.\d s"
    )
    assert [re.fullmatch(line, said)[1] for said in process.stdout.splitlines()] == ["1", "2"]
    assert process.stderr == ""


def test_a_loss_that_is_no_number_is_told_with_its_epoch_and_step_however_many_are_taken_at_once(
    pack_dir, tmp_path, monkeypatch
):
    diverging = replace(PLAIN, optimiser="sgd", learning_rate=300.0, name="wild")
    messages = []
    for steps_at_once in (32, 1):
        monkeypatch.setattr(learner, "STEPS_AT_ONCE", steps_at_once)
        with pytest.raises(UserError) as raised:
            run(diverging, pack_dir, tmp_path)
        messages.append(str(raised.value))
    assert messages[0] == messages[1]
    assert re.search(r"wild: the loss is no longer a number at epoch 1, step [2-6] of 6", messages[0])
    assert "Try a learning_rate below 300." in messages[0]


def test_where_a_fine_tuning_diverges_its_share_of_the_learning_rate_is_to_blame(pack_dir, tmp_path):
    diverging = fine_tuning_recipe(replace(PLAIN, optimiser="sgd", learning_rate=300.0, unfreeze=1, unfreeze_rate=0.5))
    with pytest.raises(UserError, match="Try a lower unfreeze_rate, which makes the learning_rate 150 here"):
        run(diverging, pack_dir, tmp_path)


def test_weights_ruined_by_the_last_step_of_an_epoch_are_told_too(pack_dir, tmp_path):
    with pytest.raises(UserError, match=r"epoch 1, validation, after step 1 of 1"):
        run(replace(PLAIN, optimiser="sgd", learning_rate=1e30, batch_size=90), pack_dir, tmp_path)


def test_a_training_that_stops_early_keeps_its_best_weights(pack_dir, tmp_path):
    import keras

    run(replace(PLAIN, epochs=30, stop_patience=1, learning_rate=5e-3), pack_dir, tmp_path)
    rows = rows_of(tmp_path / "history.csv")
    summary = json.loads((tmp_path / "training.json").read_text())
    assert summary["epochs"] == len(rows) == summary["best_epoch"] + 1 < 30
    model = keras.models.load_model(tmp_path / "model.keras")
    model.compile(loss="sparse_categorical_crossentropy")
    kept = model.evaluate(*read_subset(pack_dir, "val"), verbose=0)
    assert kept == pytest.approx(rows[-2]["val_loss"], rel=1e-5) != pytest.approx(rows[-1]["val_loss"], rel=1e-5)


def test_a_checkpoint_that_does_not_fit_is_said_and_not_used(trained, pack_dir, tmp_path):
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\x03\x04 nothing a checkpoint would hold")
    said = run(PLAIN, pack_dir, tmp_path)
    damaged = tmp_path / "checkpoint.npz"
    assert said[0] == f"plain  starts again from the first epoch: {damaged} is not used, because it is damaged"
    assert (tmp_path / "history.csv").read_bytes() == (trained / "history.csv").read_bytes()
    assert not (tmp_path / "checkpoint.npz").exists()


def test_a_training_does_not_go_on_in_another_precision(pack_dir, tmp_path, monkeypatch):
    def stop_after_the_first_epoch(line: str) -> None:
        raise InterruptedError(line)

    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "1")
    recipe, processor = replace(PLAIN, precision="fastest"), tmp_path / "cpuinfo"
    monkeypatch.setattr(backend, "PROCESSOR", processor)
    processor.write_text("flags : avx512_bf16")
    with pytest.raises(InterruptedError):
        train(recipe, pack_dir, tmp_path, "val", stop_after_the_first_epoch)
    processor.write_text("flags : avx2")
    assert run(recipe, pack_dir, tmp_path)[0].startswith("plain  starts again from the first epoch")
    assert json.loads((tmp_path / "training.json").read_text())["precision"] == "float32"


@pytest.mark.parametrize("missing", ["train", "val"])
def test_a_pack_without_pictures_to_train_or_to_validate_on_is_refused(tmp_path, missing):
    pack_dir = write_small_pack(tmp_path / "pack", **dict.fromkeys({"train", "val"} - {missing}, 9))
    with pytest.raises(UserError, match=f"no {missing} pictures"):
        run(PLAIN, pack_dir, tmp_path / "folder")
