"""Tests the screen that ends a run: it says what holds now and what stopped the run, and nothing else."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import luigi
import pytest
from conftest import Project, configured
from PIL import Image
from scenes import grainy, scene

import pipeline
from datasets.tables import read_rejected
from pipeline.engine import invocation
from pipeline.engine.stage import Stage
from pipeline.terminal.closing_screen import closing_screen

pytestmark = pytest.mark.slow

PACK = ("PackImages", "--dataset", "tiny")


def screen(project: Project, task: type[Stage] = pipeline.PackImages, **parameters: Any) -> dict[str, str]:
    """Runs a task in this process. Returns the rows of its closing screen by name."""
    with configured(project.settings), invocation.separate():
        root = task(dataset="tiny", **parameters)
        luigi.build([root], local_scheduler=True)
        return dict(line.strip().split(maxsplit=1) for line in closing_screen(root)[2:])


def run_with(project: Project, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs Luigi's command on a module of this test's own."""
    (project.folder / "own.py").write_text(module)
    path = os.pathsep.join([".", os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return project.luigi(*words, module="own", env=os.environ | {"PYTHONPATH": path})


def move(project: Project, class_name: str, other: str) -> Path:
    picture = project.picture(class_name)
    return picture.rename(project.images / "train" / other / picture.name)


def test_edits_are_told_as_in_the_report(project: Project) -> None:
    assert screen(project)["edits"] == "none since the export"
    move(project, "cat", "dog")
    project.picture("frog").unlink()
    Image.new("RGB", (32, 32), "red").save(project.images / "train/dog/added.png")
    (project.images / "train/cat/notes.txt").write_text("x")
    said = screen(project)
    assert said["edits"] == "1 moved: cat to dog; 1 deleted: frog; 1 added: dog"
    assert said["rejected"] == f"{project.images}/train/cat/notes.txt: the file is not a picture"
    assert said["stages"] == "4 built (IndexImages, FindDuplicates, SplitImages, PackImages), 1 found again"


def test_a_rejected_file_is_named_with_the_folder_it_is_in(project: Project) -> None:
    for subset in ("train", "test"):
        for name in ("cat", "dog"):
            (project.folder / "pets" / subset / name).mkdir(parents=True)
            Image.new("RGB", (32, 32), "red").save(project.folder / "pets" / subset / name / "a.png")
    (project.folder / "pets/train/cat/notes.png").write_text("x")
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(project.folder / "pets"), "size": "32"}
    said = screen(project, pipeline.IndexImages)
    assert said["rejected"] == f"{project.folder}/pets/train/cat/notes.png: the file is not a picture"
    (project.images / "train/cat/mine.txt").write_text("x")
    screen(project, pipeline.IndexImages)
    rows = read_rejected(project.home / "latest/index/rejected.csv")
    assert [(row.folder, row.path) for row in rows] == [
        ("source", "train/cat/notes.png"),
        ("images", "train/cat/mine.txt"),
    ]


def test_what_waits_for_its_class_is_told(project: Project) -> None:
    assert "aside" not in screen(project)
    Image.new("RGB", (32, 32), "red").save(project.images / "train/dog/mine.png")
    project.settings["dataset:tiny"]["classes"] = "cat,frog"
    assert screen(project)["aside"].startswith(str(project.home / "aside"))


def test_the_accuracy_without_leaked_pictures_is_told_where_there_are_any(project: Project) -> None:
    assert "duplicate" not in screen(project, pipeline.EvaluateModel, recipe="quick")["accuracy"]
    Image.fromarray(scene(1)).save(project.picture("cat"))
    Image.fromarray(grainy(scene(1), 1)).save(project.picture("dog", subset="test"))
    said = screen(project, pipeline.EvaluateModel, recipe="quick")["accuracy"]
    assert re.search(r"\d% without the 1 that has a near-duplicate outside the test set, 6 test pictures", said)


def conflict(project: Project) -> None:
    moved = project.picture("dog")
    moved.rename(project.images / "train/frog" / f"0{moved.name[1:]}")


def test_edits_of_an_earlier_index_do_not_pass_for_those_of_one_that_failed(project: Project) -> None:
    screen(project)
    (project.images / "train/cat/notes.txt").write_text("x")
    screen(project)
    conflict(project)
    said = screen(project)
    assert said["edits"] == "none since the export (as of the last index)"
    assert said["rejected"].endswith("the file is not a picture (as of the last index)")


def test_edits_are_those_of_the_last_index_where_none_was_asked_for(project: Project) -> None:
    screen(project)
    move(project, "cat", "dog")
    assert screen(project, pipeline.ExportImages)["edits"] == "none since the export (as of the last index)"


def test_a_run_that_stopped_says_where_and_what_is_left_to_build(project: Project) -> None:
    screen(project)
    conflict(project)
    said = screen(project)
    assert said["stages"] == "1 found again, stopped at IndexImages (the error is above), 3 still to build"
    assert "log" not in said, "this run wrote none"


def test_a_run_that_ended_well_leaves_nothing_to_build(project: Project) -> None:
    screen(project)
    screen(project, pipeline.SplitImages, seed=1)
    assert screen(project)["stages"] == "nothing to build, 5 found again"


def test_a_report_and_models_that_the_command_did_not_make_are_not_offered_as_its_own(project: Project) -> None:
    project.built(pipeline.FullReport, recipes=("quick",))
    assert screen(project, pipeline.FullReport, recipes=("quick",))["report"].endswith("report.html")
    conflict(project)
    said = screen(project, pipeline.FullReport, recipes=("quick",))
    assert said["report"].endswith("report.html  of an earlier command, not of this one")
    assert said["models"].endswith("model.keras, some of an earlier command")


def test_a_stage_that_the_system_killed_is_said_to_be_with_the_logs_place(project: Project) -> None:
    dies = (
        "import os, signal\n"
        "from pipeline import *\n"
        "from datasets import split\n"
        "split.write_split = lambda *args: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = run_with(project, dies, *PACK, "--workers", "2")
    assert run.returncode == 30
    assert "SplitImages was killed by the system (out of memory?), 1 still to build" in run.stdout
    assert f"log       {project.folder / 'workspace/luigi.log'}" in run.stdout


def test_the_seconds_are_those_of_the_whole_process(project: Project) -> None:
    run = run_with(project, "import time\ntime.sleep(1)\nfrom pipeline import *\n", "ExportImages", "--dataset", "tiny")
    seconds = re.search(r"seconds   ([\d.]+)", run.stdout)
    assert seconds is not None
    assert float(seconds[1]) > 1


def test_an_error_of_the_screens_own_is_not_hidden(project: Project) -> None:
    breaks = "from pipeline import *\nfrom pipeline.terminal import closing_screen\nclosing_screen._stages = None\n"
    assert "closing_screen.py" in run_with(project, breaks, *PACK).stderr


def test_a_damaged_table_is_told_in_place_of_its_row(project: Project) -> None:
    project.build()
    edits = (project.home / "latest/index/edits.csv").resolve()
    edits.write_text("edit\ndamaged\n")
    run = project.luigi(*PACK)
    (row,) = [line for line in run.stdout.splitlines() if line.startswith("  edits ")]
    assert "edits.csv is damaged" in row
    assert f"Delete the folder {edits.parent}, then run again" in row
    assert "  stages " in run.stdout
    assert "Traceback" not in run.stderr


def test_a_module_that_cannot_be_loaded_is_told_once_and_without_a_screen(project: Project) -> None:
    run = run_with(project, "from pipeline import *\nraise RuntimeError('not mine')\n", *PACK)
    assert run.stderr.count("Traceback") == 1
    assert "PackImages of tiny" not in run.stdout


def test_pictures_that_changed_during_the_run_are_told_of_even_where_none_can_be_named(project: Project) -> None:
    meddles = (
        "from pathlib import Path\n"
        "from pipeline import *\n"
        "from datasets import split\n"
        "write = split.write_split\n"
        "def meddle(*args):\n"
        "    Path('workspace/tiny/images/train/cat/x.png').symlink_to('nowhere')\n"
        "    write(*args)\n"
        "split.write_split = meddle\n"
    )
    project.settings["paths"]["workspace"] = "workspace"
    assert "changed   the pictures changed while this ran; run again" in run_with(project, meddles, *PACK).stdout
