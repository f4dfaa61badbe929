"""Tests what reruns, and what does not, from the pack to the report; every training is real, and one epoch long."""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import Project

import pipeline

RUN = {"TrainModel", "EvaluateModel", "ExplainModel", "PlotRun", "CompareRuns"}
SHOWN = RUN | {"ShowBatch"}
DATA = {"ExportImages", "IndexImages", "FindDuplicates", "SplitImages", "PackImages", "DescribeData"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> Project:
    """A project whose report is built."""
    project = Project(tmp_path_factory.mktemp("reported"), tiny_archive)
    assert report(project) == DATA | SHOWN | {"FullReport"}
    return project


@pytest.fixture
def built(reported: Project, tmp_path: Path) -> Project:
    """A copy of it, its pictures read once where they are now."""
    shutil.copytree(reported.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    project = Project(tmp_path, Path(reported.settings["cifar"]["archives"]))
    assert report(project) == {"IndexImages"}
    return project


def report(project: Project) -> set[str]:
    return project.built(pipeline.FullReport, recipes=("quick",))


def model(project: Project) -> str:
    trace = json.loads((project.home / "latest/runs/quick/train/trace.json").read_text())
    digest: str = trace["contents"]["model.keras"]
    return digest


def move_one(project: Project, subset: str = "train") -> Path:
    picture = project.picture("cat", subset=subset)
    return picture.rename(project.images / subset / "dog" / picture.name)


def test_a_report_that_is_there_is_not_made_again(built: Project) -> None:
    assert report(built) == set()


def test_moving_a_training_picture_rebuilds_everything_but_the_export(built: Project) -> None:
    move_one(built)
    assert report(built) == (DATA | SHOWN | {"FullReport"}) - {"ExportImages"}


def test_moving_it_back_finds_the_old_model_and_the_old_report(built: Project) -> None:
    before = (built.home / "latest/report").resolve(), model(built)
    moved = move_one(built)
    report(built)
    assert model(built) != before[1]
    moved.rename(built.images / "train/cat" / moved.name)
    assert report(built) == {"IndexImages"}
    assert ((built.home / "latest/report").resolve(), model(built)) == before


def test_moving_a_test_picture_trains_nothing(built: Project) -> None:
    move_one(built, subset="test")
    assert report(built) == (DATA | RUN | {"FullReport"}) - {"ExportImages", "TrainModel"}


def test_renaming_a_picture_trains_nothing(built: Project) -> None:
    picture = built.picture("cat")
    picture.rename(picture.with_name("0_renamed.png"))
    assert not report(built) & {"TrainModel", "PlotRun"}


@pytest.mark.parametrize(
    ("section", "option", "value", "rebuilt"),
    [
        ("recipe:quick", "learning_rate", "0.01", RUN | {"FullReport"}),
        ("recipe:quick", "seed", "1", SHOWN | {"FullReport"}),
        ("TrainModel", "epochs", "2", RUN | {"FullReport"}),
        ("TrainModel", "batch_size", "16", SHOWN | {"FullReport"}),
        ("dataset:tiny", "val_fraction", "0.4", (SHOWN | {"SplitImages", "PackImages", "DescribeData", "FullReport"})),
    ],
)
def test_each_parameter_rebuilds_its_stage_and_what_follows_and_nothing_before(
    built: Project, section: str, option: str, value: str, rebuilt: set[str]
) -> None:
    built.settings.setdefault(section, {})[option] = value
    assert report(built) == rebuilt
    del built.settings[section][option]
    if section == "dataset:tiny":
        built.settings[section][option] = "0.2"
    assert report(built) == set()


def test_a_recipes_name_is_no_part_of_its_weights(built: Project) -> None:
    built.settings["recipe:another"] = dict(built.settings["recipe:quick"])
    built.built(pipeline.TrainModel, recipe="another")
    traces = [built.home / f"latest/runs/{recipe}/train/trace.json" for recipe in ("quick", "another")]
    first, second = (json.loads(trace.read_text())["contents"]["model.keras"] for trace in traces)
    assert first == second


@pytest.mark.parametrize(
    ("place", "stage"),
    [("runs/quick/train", "TrainModel"), ("runs/quick/evaluate", "EvaluateModel"), ("report", "FullReport")],
)
def test_a_deleted_result_alone_is_built_again(built: Project, place: str, stage: str) -> None:
    shutil.rmtree((built.home / "latest" / place).resolve())
    assert report(built) == {stage}
    assert report(built) == set()


def test_validating_on_the_test_pictures_is_said_in_the_report(built: Project) -> None:
    built.settings["dataset:tiny"]["val_fraction"] = "0"
    report(built)
    page = (built.home / "latest/report/report.html").read_text()
    assert "validat" in page
    assert "test pictures" in page


def test_an_interrupted_training_goes_on_and_ends_as_if_it_had_not_been(built: Project) -> None:
    """The whole way through Luigi's command: kill it in the middle, run it again, compare with an unbroken one."""
    built.settings["recipe:long"] = {"base": "dropout", "epochs": "6", "batch_size": "8"}
    built.built(pipeline.TrainModel, recipe="long")
    train = built.home / "latest/runs/long/train"
    unbroken = json.loads((train / "trace.json").read_text())["contents"]
    shutil.rmtree(train.resolve())
    process = built.start("TrainModel", "--dataset", "tiny", "--recipe", "long")
    assert process.stdout is not None
    while "epoch 2/6" not in (line := process.stdout.readline()):
        assert line, "the training ended before it could be killed"
    os.kill(process.pid, 9)
    process.communicate()
    assert len(list(csv.reader(next(train.resolve().parent.glob(".*.partial/history.csv")).open()))) < 7
    assert built.built(pipeline.TrainModel, recipe="long") == {"TrainModel"}
    assert json.loads((train / "trace.json").read_text())["contents"] == unbroken


def test_a_file_name_of_any_bytes_goes_the_whole_way(built: Project) -> None:
    picture = built.picture("cat", subset="test")
    picture.rename(picture.with_name("b\udcffc.png"))
    run = built.luigi("FullReport", "--dataset", "tiny", "--recipes", "quick")
    assert run.returncode == 0, run.stderr
    assert "1 moved" in run.stdout
    assert "test/cat" in (built.home / "latest/report/report.html").read_text()
