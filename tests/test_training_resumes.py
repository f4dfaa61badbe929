"""Trainings in processes of their own, killed as no program can defend itself against."""

import json
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
from small_pack import write_small_pack

from models.model_digest import content_digest
from models.recipes.recipe import Recipe
from models.training.train import train

pytestmark = pytest.mark.slow

# Everything that keeps a state: dropout's and dropblock's seeds, augmentation, blended labels, AdamW, a rate that rises
# and falls, a moving average of the weights, the weights of the best epochs so far.
RECIPE = Recipe(
    "everything",
    convolution_dropout=(0.2,),
    dense_dropout=0.3,
    rotation_degrees=20,
    horizontal_shift_fraction=0.1,
    mixup=0.2,
    dropblock=0.1,
    label_smoothing=0.1,
    class_weights="balanced",
    optimiser="adamw",
    weight_decay=1e-4,
    warmup_epochs=1,
    batch_size=32,
    epochs=8,
    plateau_patience=1,
    stop_patience=7,
    checkpoint="val_accuracy",
    ema=0.9,
)


@pytest.fixture(scope="module")
def pack_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # 33 batches an epoch, the last of them short: more than the loop learns from at once.
    return write_small_pack(tmp_path_factory.mktemp("resume") / "pack", train=1030, val=100)


def start(pack_dir: Path, folder: Path) -> BaseProcess:
    """A training in a new process; TensorFlow is loaded once, in the process they are all forked from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tensorflow", "keras"])
    folder.mkdir(exist_ok=True)
    process = context.Process(target=train, args=(RECIPE, pack_dir, folder, "val"))
    process.start()
    return process


def finish(pack_dir: Path, folder: Path) -> tuple[str, str, bytes]:
    """The digests of both models and the bytes of the history of a training run to its end."""
    process = start(pack_dir, folder)
    process.join()
    assert process.exitcode == 0
    models = (content_digest(folder / f"{name}.keras") for name in ("model", "best_val_accuracy"))
    return (*models, (folder / "history.csv").read_bytes())


def kill_when(is_time: Callable[[], bool], pack_dir: Path, folder: Path) -> None:
    process = start(pack_dir, folder)
    while not is_time():
        assert process.is_alive(), "the training ended before it could be killed"
        time.sleep(0.0005)
    process.kill()
    process.join()


def epochs_in(history_csv: Path) -> int:
    return history_csv.read_text().count("\n") - 1 if history_csv.exists() else 0


@pytest.fixture(scope="module")
def unbroken(pack_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, bytes]:
    return finish(pack_dir, tmp_path_factory.mktemp("unbroken"))


def test_the_same_recipe_and_seed_give_the_same_bits_in_another_process(pack_dir, unbroken, tmp_path):
    assert finish(pack_dir, tmp_path / "again") == unbroken


def test_a_training_killed_again_and_again_ends_with_the_bits_of_an_unbroken_one(pack_dir, unbroken, tmp_path):
    folder = tmp_path / "killed"
    history_csv, checkpoint = folder / "history.csv", folder / "checkpoint.npz"
    unfinished = folder / "checkpoint.npz.unfinished"

    def an_epoch_has_just_ended() -> bool:
        return epochs_in(history_csv) >= 2

    def a_checkpoint_is_being_written() -> bool:
        return epochs_in(history_csv) >= 4 and unfinished.exists()

    def an_epoch_is_half_done() -> bool:
        written = checkpoint.stat().st_mtime
        return epochs_in(history_csv) >= 6 and history_csv.stat().st_mtime < written < time.time() - 0.05

    def the_model_is_being_saved() -> bool:
        return (folder / "model.keras").exists()

    for is_time in (an_epoch_has_just_ended, a_checkpoint_is_being_written, an_epoch_is_half_done):
        kill_when(is_time, pack_dir, folder)
    with np.load(checkpoint) as archive:
        seconds_until_killed = json.loads(str(archive["header"]))["train_seconds"]
    kill_when(the_model_is_being_saved, pack_dir, folder)
    assert finish(pack_dir, folder) == unbroken
    assert not list(folder.glob("checkpoint*"))
    assert json.loads((folder / "training.json").read_text())["train_seconds"] > seconds_until_killed > 0


def test_a_training_killed_after_its_last_step_is_not_done_again(pack_dir, unbroken, tmp_path):
    folder = tmp_path / "finished"
    assert finish(pack_dir, folder) == unbroken
    summary = (folder / "training.json").read_text()
    assert finish(pack_dir, folder) == unbroken
    assert (folder / "training.json").read_text() == summary
