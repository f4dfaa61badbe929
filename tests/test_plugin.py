"""Tests the example of a plug-in: installed, its source, network, recipe and section make a report."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Project
from own_code import OwnCode

pytestmark = pytest.mark.slow

PLUGIN = Path(__file__).parent.parent / "examples/plugin"
REPORT = ("FullReport", "--dataset", "shapes", "--recipes", "shapes", "--audit", "false")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installs the plug-in into a folder of its own."""
    source = shutil.copytree(PLUGIN, tmp_path_factory.mktemp("source") / "plugin")
    target = tmp_path_factory.mktemp("packages")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*install, "--target", str(target), str(source)], check=True)
    return target


@pytest.fixture
def code(tmp_path: Path, tiny_archive: Path, packages: Path) -> OwnCode:
    """Returns a project in whose folder the plug-in lies too, so that a test may edit it."""
    project = Project(tmp_path, tiny_archive)
    project.settings["dataset:shapes"] = {"source": "shapes", "count": "30"}
    shutil.copytree(packages, tmp_path, dirs_exist_ok=True)
    return OwnCode(project)


def stale(code: OwnCode) -> set[str]:
    """Returns the stages that `status` calls stale."""
    rows = code.python("-m", "pipeline", "status", *REPORT).stdout.splitlines()
    return {row.split("  ")[0] for row in rows if "  stale  " in row}


def test_all_four_parts_make_a_report_and_an_edit_of_each_makes_its_stage_stale(code: OwnCode) -> None:
    run = code.project.luigi(*REPORT, env=code.environment)
    assert run.returncode == 0, run.stderr
    home = code.path("workspace/shapes")
    assert len(list((home / "images").rglob("*.png"))) == 90
    training = json.loads((home / "latest/runs/shapes/train/training.json").read_text())
    assert training["parameters"] == 1_267
    assert "Colours of the classes" in (home / "latest/report/report.html").read_text()
    for module, old, new, stages in (
        ("source", "random.integers(4, 9)", "random.integers(4, 8)", {"ExportImages"}),
        ("network", "Conv2D(width, 5,", "Conv2D(width, 3,", {"TrainModel shapes"}),
        ("recipe", '"epochs": 5', '"epochs": 6', {"TrainModel shapes"}),
        ("section", "may be all", "can be all", {"FullReport"}),
    ):
        file = code.path(f"pigeonhole_shapes/{module}.py")
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        assert stale(code) == stages
        file.write_text(text)
    assert stale(code) == set()
