"""Tests Luigi's command as a user types it: what it says, how it exits, and what it loads."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Project, configured

from datasets.errors import UserError
from pipeline.terminal.luigi_arguments import check_arguments

PACK = ("PackImages", "--dataset", "tiny")


def command(project: Project, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", module, *words]
    return subprocess.run(line, cwd=project.write_settings(), capture_output=True, text=True, timeout=120)


def test_a_build_ends_with_one_screen_that_says_where_everything_is(project: Project) -> None:
    run = project.luigi(*PACK)
    assert run.returncode == 0
    assert "PackImages of tiny" in run.stdout
    assert "edits     none since the export" in run.stdout
    assert "5 built (ExportImages, IndexImages, FindDuplicates, SplitImages, PackImages)" in run.stdout
    assert f"pictures  {project.images}" in run.stdout
    again = project.luigi(*PACK)
    assert "nothing to build, 5 found again" in again.stdout
    assert again.stderr == ""


@pytest.mark.slow
def test_luigis_own_summary_and_debug_lines_stay_in_the_log(project: Project) -> None:
    run = project.luigi(*PACK)
    assert "Luigi Execution Summary" not in run.stdout + run.stderr
    assert "DEBUG" not in run.stdout + run.stderr
    assert "Luigi Execution Summary" in (project.folder / "workspace/luigi.log").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("PackImags",), "there is no task 'PackImags': did you mean 'PackImages'?"),
        (("paths",), "there is no task 'paths'"),
        (("RunStage",), "there is no task 'RunStage'"),
        ((*PACK, "--datset", "tiny"), "there is no option '--datset': did you mean '--dataset'?"),
        (("PackImages", "--datase", "tiny"), "there is no option '--datase': did you mean '--dataset'?"),
        (("PackImages", "--dataset", "tyny"), "there is no data set 'tyny': did you mean 'tiny'?"),
        (("PackImages", "--dataset", ""), "--dataset: there is no data set ''"),
        (("FullReport", "--recipes", "plane"), "there is no recipe 'plane': did you mean 'plain'?"),
        (("TrainModel", "--recipe", "quick", "--epochs", "many"), "epochs = many is not valid; give a whole number"),
        (("TrainModel", "--learning-rate", "-1"), "learning_rate = -1 is not valid"),
        (("FullReport", "--TrainModel-epochs", "0"), "epochs = 0 is not valid"),
        (("SplitImages", "--seed", "abc"), "--seed = abc is not valid; give a whole number"),
        ((*PACK, "--SplitImages-seed", "abc"), "--SplitImages-seed = abc is not valid; give a whole number"),
        ((*PACK, "--code-watch", "maybe"), "--code-watch = maybe is not valid; give true or false"),
        ((*PACK, "--workers", "two"), "--workers = two is not valid; give a whole number"),
        ((*PACK, "--log-level", "LOUD"), "--log-level = LOUD is not valid"),
        ((*PACK, "--paths-workspace", ""), "--paths-workspace: name a folder"),
        (("FullReport", "--epochs", "3"), "there is no option '--epochs': did you mean '--TrainModel-epochs'?"),
        (("EvaluateModel", "--Training-epochs", "9"), "there is no option '--Training-epochs'"),
        (
            ("FullReport", "--TrainModel-repeat", "1"),
            "--TrainModel-repeat does nothing here: FullReport itself sets the repeat of TrainModel",
        ),
        (("EvaluateModel", "--TrainHead-epochs", "7"), "--TrainHead-epochs does nothing here"),
        (("AuditLabels", "--TrainFold-folds", "7"), "--TrainFold-folds does nothing here"),
        ((*PACK, "stray"), "'stray' is neither an option nor the value of one"),
    ],
)
def test_what_is_misspelt_on_the_command_line_is_named_with_the_nearest(
    project: Project, words: tuple[str, ...], message: str
) -> None:
    with configured(project.settings), pytest.raises(UserError, match=re.escape(message)):
        check_arguments(words)


@pytest.mark.parametrize("words", [("PackImags",), ("SplitImages", "--seed", "abc"), ("FullReport", "--dataset", "x")])
def test_what_is_misspelt_is_one_line_and_exit_code_2(project: Project, words: tuple[str, ...]) -> None:
    run = project.luigi(*words)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("error: ")
    assert run.stderr.count("\n") == 1


def test_what_is_misspelt_in_the_settings_is_one_line_and_exit_code_2(project: Project) -> None:
    project.settings["paths"]["worksapce"] = "x"
    run = project.luigi("FullReport")
    assert run.returncode == 2
    assert run.stderr.startswith("error: luigi.cfg [paths]: there is no option 'worksapce'")
    assert run.stderr.count("\n") == 1


@pytest.mark.slow
def test_an_error_in_a_stage_is_shown_without_a_traceback_and_not_zero(project: Project) -> None:
    project.settings["cifar"]["archives"] = str(project.folder / "nowhere")
    run = project.luigi(*PACK)
    assert run.returncode != 0
    assert "nowhere" in run.stderr
    assert "Traceback" not in run.stderr
    assert "stopped at ExportImages" in run.stdout


@pytest.mark.slow
def test_no_scheduler_need_be_named(project: Project) -> None:
    run = command(project, "luigi", "--module", "pipeline", *PACK)
    assert run.returncode == 0
    assert "5 built" in run.stdout


def test_a_scheduler_of_the_users_own_is_asked(project: Project) -> None:
    project.settings["core"] = {"scheduler_port": "9", "rpc_retry_attempts": "1", "rpc_retry_wait": "0"}
    run = command(project, "luigi", "--module", "pipeline", *PACK)
    assert "Failed connecting to remote scheduler 'http://localhost:9'" in run.stderr


@pytest.mark.slow
def test_workers_and_verbosity_rerun_nothing(project: Project) -> None:
    project.luigi(*PACK)
    assert "nothing to build" in project.luigi(*PACK, "--workers", "2").stdout
    assert "nothing to build" in project.luigi(*PACK, "--log-level", "DEBUG").stdout


@pytest.mark.slow
def test_two_workers_build_what_one_builds(project: Project) -> None:
    run = project.luigi(*PACK, "--workers", "2")
    assert run.returncode == 0
    assert "5 built" in run.stdout


@pytest.mark.slow
def test_settings_on_the_command_line_override_those_in_the_file(project: Project, tmp_path: Path) -> None:
    run = project.luigi(*PACK, "--paths-workspace", str(tmp_path / "other"))
    assert run.returncode == 0
    assert (tmp_path / "other/tiny/images").is_dir()
    assert not project.home.exists()


def loaded_by(project: Project, code: str) -> set[str]:
    script = f"import sys; {code}; print('LOADED', *sorted(m for m in sys.modules if '.' not in m))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=project.write_settings(), capture_output=True, text=True, check=True
    )
    return set(next(line for line in run.stdout.splitlines() if line.startswith("LOADED")).split())


@pytest.mark.slow
def test_status_loads_nothing_heavy(project: Project) -> None:
    project.build()
    loaded = loaded_by(
        project, "from pipeline.__main__ import main; main(['status', 'FullReport', '--dataset', 'tiny'])"
    )
    assert not loaded & {"tensorflow", "keras", "matplotlib", "pandas", "PIL", "numpy", "jinja2"}


def test_a_run_with_nothing_to_do_loads_nothing_heavy(project: Project) -> None:
    project.build()
    code = "import pipeline; assert pipeline.build(pipeline.PackImages(dataset='tiny')).built == []"
    assert not loaded_by(project, code) & {"tensorflow", "keras", "matplotlib", "pandas", "PIL", "numpy"}


def test_a_command_in_another_folder_says_where_its_new_workspace_begins(project: Project) -> None:
    begun = project.luigi(*PACK)
    assert f"a new workspace begins in {project.folder / 'workspace'}\n" in begun.stderr
    assert "a new workspace" not in project.luigi(*PACK).stderr
    elsewhere = project.folder / "elsewhere"
    elsewhere.mkdir()
    line = [sys.executable, "-m", "pipeline", "ExportImages", "--dataset", "cifar10", "--cifar-archives", "nowhere"]
    run = subprocess.run(line, cwd=elsewhere, capture_output=True, text=True, timeout=120)
    assert f"a new workspace begins in {elsewhere / 'workspace'}; there is no luigi.cfg here" in run.stderr
