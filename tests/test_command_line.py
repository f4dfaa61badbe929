"""The two commands as a user types them: what they say, how they exit, what they load."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Project


def verb(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *words]
    return subprocess.run(command, cwd=project.write_settings(), capture_output=True, text=True, timeout=120)


PACK = ("PackImages", "--dataset", "tiny")


def test_a_build_ends_with_one_screen_that_says_where_everything_is(project: Project) -> None:
    run = project.luigi(*PACK)
    assert run.returncode == 0
    assert "PackImages of tiny" in run.stdout
    assert "edits     none since the export" in run.stdout
    assert "4 built (ExportImages, IndexImages, SplitImages, PackImages)" in run.stdout
    assert f"pictures  {project.images}" in run.stdout
    again = project.luigi(*PACK)
    assert "nothing to build, 4 found again" in again.stdout
    assert again.stderr == ""


def test_edits_and_rejected_files_are_on_the_screen(project: Project) -> None:
    project.luigi(*PACK)
    picture = project.picture("cat")
    picture.rename(project.images / "train/dog" / picture.name)
    project.picture("frog").unlink()
    (project.images / "train/cat/notes.txt").write_text("x")
    run = project.luigi(*PACK)
    assert "edits     1 moved: 1 cat to dog; 1 deleted: 1 frog" in run.stdout
    assert "rejected  images/train/cat/notes.txt: the file is not a picture" in run.stdout


def test_luigis_own_summary_and_debug_lines_stay_in_the_log(project: Project) -> None:
    run = project.luigi(*PACK)
    assert "Luigi Execution Summary" not in run.stdout + run.stderr
    assert "DEBUG" not in run.stdout + run.stderr
    assert "Luigi Execution Summary" in (project.folder / "workspace/luigi.log").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("PackImags",), "there is no task 'PackImags': did you mean 'PackImages'?"),
        ((*PACK, "--datset", "tiny"), "there is no option '--datset': did you mean '--dataset'?"),
        (("PackImages", "--dataset", "tyny"), "there is no dataset 'tyny': did you mean 'tiny'?"),
        (("FullReport", "--recipes", "plane"), "there is no recipe 'plane': did you mean 'plain'?"),
        (("TrainModel", "--recipe", "quick", "--epochs", "many"), "epochs = many will not do; give a whole number"),
        (("TrainModel", "--learning-rate", "-1"), "learning_rate = -1 will not do"),
        (("FullReport", "--TrainModel-epochs", "0"), "epochs = 0 will not do"),
        ((*PACK, "stray"), "'stray' is neither an option nor the value of one"),
    ],
)
def test_what_is_misspelt_on_the_command_line_is_one_sentence_and_exit_code_2(
    project: Project, words: tuple[str, ...], message: str
) -> None:
    run = project.luigi(*words)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert "usage:" not in run.stderr


@pytest.mark.parametrize(
    ("section", "options", "message"),
    [
        ("path", {"workspace": "x"}, "there is no section '[path]': did you mean '[paths]'?"),
        ("paths", {"worksapce": "x"}, "[paths]: there is no option 'worksapce': did you mean 'workspace'?"),
        ("FullReport", {"recipe": "plain"}, "[FullReport]: there is no option 'recipe': did you mean 'recipes'?"),
        (
            "dataset:mine",
            {"source": "cifar11"},
            "there is no source 'cifar11': did you mean 'cifar10'?",
        ),
        ("dataset:mine", {"clases": "cat"}, "[dataset:mine]: there is no option 'clases': did you mean 'classes'?"),
        ("dataset:mine", {"source": "cifar10", "classes": "cat,dgo"}, "there is no class 'dgo': did you mean 'dog'?"),
        ("dataset:mine", {"classes": "cat,dog"}, "[dataset:mine] needs an option source"),
        ("dataset:mine", {"source": "cifar10", "val_fraction": "2"}, "[dataset:mine] val_fraction is '2'"),
        ("dataset:mine", {"source": "cifar10", "classes": "cat"}, "at least two"),
        ("dataset:mine", {"source": "cifar10", "classes": "cat,cat"}, "named twice"),
        ("dataset:mine", {"source": "cifar10", "labels": "coarse"}, "there is no set of labels of cifar10 'coarse'"),
        ("recipe:mine", {"epoch": "3"}, "there is no option 'epoch': did you mean 'epochs'?"),
        ("recipe:mine", {"base": "plian"}, "there is no recipe 'plian': did you mean 'plain'?"),
        ("FullReport", {"dataset": "tyny"}, "there is no dataset 'tyny': did you mean 'tiny'?"),
    ],
)
def test_what_is_misspelt_in_the_settings_is_one_sentence_and_not_zero(
    project: Project, section: str, options: dict[str, str], message: str
) -> None:
    project.settings.setdefault(section, {}).update(options)
    run = project.luigi("FullReport")
    assert run.returncode != 0
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_an_error_in_a_stage_is_shown_without_a_traceback_and_not_zero(project: Project) -> None:
    project.settings["cifar"]["archives"] = str(project.folder / "nowhere")
    run = project.luigi(*PACK)
    assert run.returncode != 0
    assert "nowhere" in run.stderr
    assert "Traceback" not in run.stderr
    assert "stopped at ExportImages" in run.stdout


def test_workers_and_verbosity_rerun_nothing(project: Project) -> None:
    project.luigi(*PACK)
    assert "nothing to build" in project.luigi(*PACK, "--workers", "2").stdout
    assert "nothing to build" in project.luigi(*PACK, "--log-level", "DEBUG").stdout


def test_two_workers_build_what_one_builds(project: Project) -> None:
    run = project.luigi(*PACK, "--workers", "2")
    assert run.returncode == 0
    assert "4 built" in run.stdout


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


def test_status_loads_nothing_heavy(project: Project) -> None:
    project.build()
    loaded = loaded_by(
        project, "from pipeline.__main__ import main; main(['status', 'FullReport', '--dataset', 'tiny'])"
    )
    assert not loaded & {"tensorflow", "keras", "matplotlib", "pandas", "PIL", "numpy", "jinja2"}


def test_a_run_with_nothing_to_do_loads_nothing_heavy(project: Project) -> None:
    project.build()
    code = "import pipeline; assert pipeline.build(pipeline.PackImages(dataset='tiny')).ran == []"
    assert not loaded_by(project, code) & {"tensorflow", "keras", "matplotlib", "pandas", "PIL", "numpy"}


def test_help_is_printed_where_nothing_is_asked(project: Project) -> None:
    run = verb(project)
    assert run.returncode == 0
    assert "usage: python -m pipeline VERB" in run.stdout


def test_an_unknown_verb_names_the_nearest(project: Project) -> None:
    run = verb(project, "statsu")
    assert run.returncode == 2
    assert "there is no verb 'statsu': did you mean 'status'?" in run.stderr
