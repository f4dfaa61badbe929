"""A workspace of version 0.1.0, made by it, opens in this version with all that was trained in it."""

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, configured

import pipeline
from pipeline.__main__ import main
from pipeline.engine.stage import Stage

pytestmark = pytest.mark.slow

DATA = Path(__file__).parent / "data"
RECIPES = {
    "small": {
        "base": "plain",
        "network": "residual",
        "depth": "8",
        "widths": "4,4,8",
        "epochs": "2",
        "batch_size": "8",
    },
    "after": {"base": "small", "start_from": "small", "frozen_layers": "*block_1*"},
    "frozen": {
        "base": "frozen-file",
        "backbone_file": "backbone.keras",
        "backbone_input": "unit",
        "epochs": "2",
        "batch_size": "8",
    },
    "tuned": {"base": "frozen", "unfreeze": "2", "unfreeze_epochs": "1"},
}


@pytest.fixture
def old(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with the workspace as version 0.1.0 left it."""
    with tarfile.open(DATA / "workspace-of-0.1.0.tar.xz") as archive:
        archive.extractall(project.folder, filter="data")
    project.settings |= {f"recipe:{name}": options for name, options in RECIPES.items()}
    project.settings["AuditLabels"] = {"recipe": "small", "folds": "2"}
    monkeypatch.chdir(project.folder)
    project.write_settings()
    return project


def say(project: Project, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with configured(project.settings):
        assert main(words) == 0
    return capsys.readouterr().out


def made(project: Project, task: type[Stage], **parameters: Any) -> set[str]:
    """Builds, which must succeed; returns the names of the tasks whose results are new."""
    outcome = project.build(task, **parameters)
    assert outcome.complete, [entry.error for entry in outcome.ran]
    return {entry.task.partition("_")[0] for entry in outcome.ran if entry.made_result}


def test_it_is_refused_until_it_is_carried_over_and_status_says_how(
    old: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(old.home.rglob("*"))
    assert "python -m pipeline accept" in old.error(pipeline.PackImages)
    run = old.luigi("PackImages", "--dataset", "tiny")
    assert run.returncode == 2
    assert "python -m pipeline accept" in run.stderr
    assert sorted(old.home.rglob("*")) == files
    assert "python -m pipeline accept" in say(old, capsys, "status", "AuditLabels", "--dataset", "tiny")


def test_one_command_carries_over_all_that_was_trained(old: Project, capsys: pytest.CaptureFixture[str]) -> None:
    models = {path.read_bytes() for path in old.home.rglob("model.keras")}
    old.picture("cat").touch()
    assert "16 results of an older version carried over" in say(old, capsys, "accept")
    for recipe in ("small", "after", "frozen", "tuned"):
        assert made(old, pipeline.EvaluateModel, recipe=recipe) == {"EvaluateModel"}
    assert made(old, pipeline.EvaluateModel, recipe="small", repeat=1) == {"EvaluateModel"}
    assert made(old, pipeline.AuditLabels) == {"SplitFolds", "AuditLabels"}
    assert {path.read_bytes() for path in old.home.rglob("model.keras")} == models
    assert say(old, capsys, "verify", "--dataset", "tiny").endswith(", 0 files damaged\n")


def test_what_was_changed_since_is_built_again_as_ever(old: Project, capsys: pytest.CaptureFixture[str]) -> None:
    say(old, capsys, "accept")
    old.picture("cat").rename(old.images / "train/dog/moved.png")
    assert {"IndexImages", "PackImages", "TrainModel"} <= old.built(pipeline.TrainModel, recipe="small")


def test_an_upgrade_that_was_killed_goes_on(old: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = shutil.copytree(old.home, tmp_path / "before", symlinks=True)
    say(old, capsys, "accept")
    carried = next((old.home / "runs/small/train").glob("[!.]*"))
    was = next((before / "runs/small/train").glob("[!.]*"))
    carried.rename(carried.with_name(was.name))  # its trace is in the new form, and it is not renamed yet
    (old.folder / "workspace/.pigeonhole").write_text("1\n")
    say(old, capsys, "accept")
    assert made(old, pipeline.EvaluateModel, recipe="small") == {"EvaluateModel"}


def test_what_cannot_be_carried_over_is_named_and_stops_nothing(
    old: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = next((old.home / "runs/after/train").glob("[!.]*")) / "trace.json"
    damaged.write_text("{")
    del old.settings["recipe:frozen"], old.settings["recipe:tuned"]
    said = say(old, capsys, "accept")
    assert "14 results of an older version carried over" in said
    assert f"{damaged.parent}: " in said
    assert "there is no recipe 'frozen'" in said
    assert made(old, pipeline.EvaluateModel, recipe="small") == {"EvaluateModel"}


def test_of_two_results_alike_the_one_that_was_current_stays_so(
    old: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    current = (old.home / "latest/runs/small/train").resolve()
    model = (current / "model.keras").read_bytes()
    other = current.with_name("0000000000000000")
    shutil.copytree(current, other)
    trace = json.loads((other / "trace.json").read_text())
    (other / "trace.json").write_text(json.dumps(trace | {"code": {"other": "code"}, "key": other.name}))
    (other / "model.keras").write_bytes(b"another model")
    say(old, capsys, "accept")
    assert made(old, pipeline.EvaluateModel, recipe="small") == {"EvaluateModel"}
    assert (old.home / "latest/runs/small/train/model.keras").read_bytes() == model
