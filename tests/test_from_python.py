"""Tests what Python gets from a build: accuracies and paths, or one exception that says what is wrong."""

import json
import subprocess
import sys
import time

import pytest
from conftest import Project, configured

import pipeline
from pipeline import FullReport, PackImages, TrainModel, UserError, build


def run_python(project: Project, program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=project.write_settings(), capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("recipes", ["plain, quick", '["plain", "quick"]', ["plain", "quick"], ("plain", "quick")])
def test_recipes_are_named_from_python_as_on_the_command_line(project: Project, recipes: object) -> None:
    with configured(project.settings):
        assert FullReport(dataset="tiny", recipes=recipes).recipes == ("plain", "quick")
        assert FullReport(dataset="tiny", recipes=recipes).task_id == FullReport("tiny", ("plain", "quick")).task_id


def test_numbers_and_switches_are_named_from_python_as_on_the_command_line(project: Project) -> None:
    with configured(project.settings):
        report = FullReport(dataset="tiny", seeds="3", audit=True, mistakes="25")
        assert (report.seeds, report.audit, report.mistakes) == (3, "true", 25)
        assert TrainModel(dataset="tiny", epochs="4", learning_rate="0.01").resolved.epochs == 4
        for wrong in ({"seeds": "many"}, {"seeds": 0}, {"audit": "maybe"}, {"mistakes": None}, {"recipes": "plian"}):
            with pytest.raises(UserError):
                FullReport(dataset="tiny", **wrong)
        for wrong in ({"epochs": "many"}, {"epochs": 0}, {"learning_rate": "-1"}):
            with pytest.raises(UserError, match=f"{next(iter(wrong))} = "):
                TrainModel(dataset="tiny", **wrong)


@pytest.mark.slow
def test_a_build_gives_accuracies_models_and_the_folder_of_every_result(project: Project) -> None:
    with configured(project.settings):
        outcome = build(FullReport(dataset="tiny", recipes="quick", seeds=2))
        began = time.process_time()
        again = build(FullReport(dataset="tiny", recipes="quick", seeds=2))
    assert time.process_time() - began < 10  # as each stage is planned once, and not for every stage that it leads to
    runs = project.home / "latest/runs/quick"
    metrics = json.loads((runs / "evaluate/metrics.json").read_text())
    assert outcome.accuracies == {"quick": metrics["accuracy"]}
    assert [(run.recipe, run.repeat) for run in outcome.runs] == [("quick", 0), ("quick", 1)]
    assert outcome.runs[0].metrics == metrics
    assert outcome.runs[0].model.samefile(runs / "train/model.keras")
    assert outcome.runs[1].model.samefile(runs / "repeats/1/train/model.keras")
    assert outcome.report.samefile(project.home / "latest/report/report.html")
    assert outcome.folders["TrainModel quick repeat 1"].samefile(runs / "repeats/1/train")
    assert {"ExportImages", "TrainModel quick", "TrainModel quick repeat 1", "FullReport"} <= {*outcome.built}
    assert again == outcome._replace(built=[])


def test_a_mistake_that_stops_a_stage_is_one_exception_and_nothing_is_printed(project: Project) -> None:
    project.settings["cifar"]["archives"] = str(project.folder / "nowhere")
    run = run_python(
        project,
        "import pipeline\n"
        "try: pipeline.build(pipeline.PackImages(dataset='tiny'))\n"
        "except pipeline.UserError as error: print(error)\n",
    )
    assert run.returncode == 0
    assert run.stderr == ""
    assert run.stdout.startswith(f"[dataset:tiny] {project.folder / 'nowhere'} does not exist")
    assert run.stdout.count("\n") == 1


def test_a_mistake_that_shows_beforehand_is_raised_and_nothing_is_built(project: Project) -> None:
    with configured(project.settings), pytest.raises(UserError, match="46 pixels"):
        build(TrainModel(dataset="tiny", recipe="pets-cnn"))
    assert not project.home.exists()


def test_an_error_of_the_program_is_no_mistake_of_the_users(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(PackImages, "build", fail)
    with configured(project.settings), pytest.raises(RuntimeError, match=r"PackImages.* failed.*by hand"):
        build(pipeline.PackImages(dataset="tiny"))
