import csv
import shutil
from pathlib import Path

import pytest
from conftest import Project
from small_pack import write_small_pack

import pipeline
from models.recipes.recipe import Recipe
from models.training.event_log import EVENTS
from models.training.train import train
from pipeline.engine.damage import damaged_files
from pipeline.engine.trace import read_trace

pytestmark = pytest.mark.slow

RECIPE = Recipe("watched", epochs=3, batch_size=45)

Curves = dict[str, list[tuple[int, float]]]


def curves_in(folder: Path) -> Curves:
    """Every number by the name of its curve, as TensorBoard itself reads them."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    events = EventAccumulator(str(folder))
    events.Reload()
    return {
        name: [(event.step, make_ndarray(event.tensor_proto).item()) for event in events.Tensors(name)]
        for name in events.Tags()["tensors"]
    }


def curves_of(history_csv: Path) -> Curves:
    with history_csv.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        name: [(int(row["epoch"]), pytest.approx(float(row[name]), rel=1e-6)) for row in rows]
        for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
    }


def test_events_can_be_watched_while_it_trains_and_a_resumed_training_has_every_epoch_once(tmp_path):
    pack_dir = write_small_pack(tmp_path / "pack", train=90, val=30)
    events = tmp_path / EVENTS
    events.mkdir()
    seen: list[list[int]] = []

    def watch(line: str) -> None:
        seen.append([step for step, _ in curves_in(events)["loss"]])
        if "epoch 2/3" in line:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        train(RECIPE, pack_dir, tmp_path, "val", watch)
    assert seen == [[1], [1, 2]]
    train(RECIPE, pack_dir, tmp_path, "val", lambda line: None)
    assert curves_in(events) == curves_of(tmp_path / "history.csv")


def test_what_is_not_measured_is_not_logged(tmp_path):
    from models.training.event_log import open_event_log
    from models.training.history import EpochRow

    (tmp_path / EVENTS).mkdir()
    with open_event_log(tmp_path, [EpochRow(1, 1.5, 0.5, float("nan"), float("nan"), 0.1)]):
        assert set(curves_in(tmp_path / EVENTS)) == {"loss", "accuracy", "learning_rate"}


def test_the_switch_is_off_changes_nothing_that_is_learnt_and_logs_into_the_runs_own_folder(exported: Project):
    trained = exported.home / "latest/runs/quick/train"
    exported.built(pipeline.TrainModel, recipe="quick")
    without = read_trace(trained)
    assert not (trained / EVENTS).exists()

    exported.settings["TrainModel"] = {"tensorboard": "true"}
    assert exported.built(pipeline.TrainModel, recipe="quick") == set()  # what is trained is not trained again for it
    shutil.rmtree(trained.resolve())
    exported.built(pipeline.TrainModel, recipe="quick")
    assert curves_in(trained / EVENTS) == curves_of(trained / "history.csv")
    assert read_trace(trained)["contents"] == without["contents"]
    assert read_trace(trained)["key"] == without["key"]

    assert damaged_files(trained) == []
    shutil.rmtree(trained / EVENTS)  # as one does with logs
    assert damaged_files(trained) == []
    assert exported.built(pipeline.TrainModel, recipe="quick") == set()


def test_the_command_line_takes_it_as_a_switch(exported: Project):
    run = exported.luigi("TrainModel", "--dataset", "tiny", "--recipe", "quick", "--TrainModel-tensorboard")
    assert run.returncode == 0, run.stderr
    assert "loss" in curves_in(exported.home / "latest/runs/quick/train" / EVENTS)
