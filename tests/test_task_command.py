"""Tests `pigeonhole TASK` and `python -m pipeline TASK`: they build as Luigi's own command does, with fewer words."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Project, configured

import pipeline
from pipeline.__main__ import main
from pipeline.engine.typed_command import command_for, typed_program
from pipeline.terminal.task_command import names_a_task
from pipeline.terminal.task_help import task_names

PACK = ("PackImages", "--dataset", "tiny")
OWN_TASK = "import luigi\nclass Greet(luigi.Task):\n    def complete(self):\n        print('greeted'); return True\n"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The console script, as an installer writes it."""
    script = tmp_path / "pigeonhole"
    script.write_text("import sys\nfrom pipeline.__main__ import start\nsys.exit(start())\n")
    return script


def run(project: Project, *command: object) -> subprocess.CompletedProcess[str]:
    folder = project.write_settings()
    line = [sys.executable, *map(str, command)]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_script_builds_a_task_as_luigi_does_and_each_finds_the_others_results(
    project: Project, program: Path
) -> None:
    built = run(project, program, *PACK, "--workers", "2")
    assert built.returncode == 0, built.stderr
    assert "PackImages of tiny" in built.stdout
    assert "5 built (ExportImages, IndexImages, FindDuplicates, SplitImages, PackImages)" in built.stdout
    again = run(project, "-m", "pipeline", *PACK, "--local-scheduler")
    assert (again.returncode, again.stderr) == (0, "")
    assert "nothing to build, 5 found again" in again.stdout
    assert "nothing to build, 5 found again" in project.luigi(*PACK).stdout


def test_what_is_misspelt_in_a_task_is_one_line_and_exit_code_2(project: Project, program: Path) -> None:
    for words, message in (
        (("PackImags",), "there is no task or verb 'PackImags': did you mean 'PackImages'? `pigeonhole --help` lists"),
        ((*PACK, "--datset", "x"), "PackImages: there is no option '--datset': did you mean '--dataset'? `pigeonhole "),
        (("TrainModel", "--dataset", "tyny"), "--dataset: there is no data set 'tyny': did you mean 'tiny'?"),
    ):
        refused = run(project, program, *words)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.startswith(f"error: {message}")
        assert refused.stderr.count("\n") == 1


def test_a_task_of_the_users_own_is_built_from_its_module(project: Project) -> None:
    (project.folder / "greeting.py").write_text(OWN_TASK)
    built = run(project, "-m", "pipeline", "--module", "greeting", "Greet")
    assert built.returncode == 0, built.stderr
    assert "greeted" in built.stdout


def test_a_scheduler_that_is_named_is_asked(project: Project) -> None:
    project.settings["core"] = {"rpc_retry_attempts": "1", "rpc_retry_wait": "0"}
    asked = run(project, "-m", "pipeline", *PACK, "--scheduler-host", "localhost", "--scheduler-port", "9")
    assert "Failed connecting to remote scheduler 'http://localhost:9'" in asked.stderr


def test_the_help_of_the_program_names_every_task_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert "PackImages" in task_names()
    assert all(f"\n  {name} " in printed for name in task_names())
    assert "\n  130  stopped by Ctrl-C" in printed


def test_the_help_of_a_task_lists_what_it_takes_and_what_its_exit_codes_mean(project: Project, program: Path) -> None:
    shown = run(project, program, "FullReport", "--help")
    assert shown.returncode == 0
    assert shown.stdout.startswith("usage: pigeonhole FullReport [options]")
    for option in ("--recipes RECIPES", "--TrainModel-epochs EPOCHS", "--paths-workspace WORKSPACE", "--workers COUNT"):
        assert option in shown.stdout
    assert "--TrainModel-recipe" not in shown.stdout, "the report itself sets it"
    assert "   30  a stage failed" in shown.stdout
    assert run(project, program, "help", "FullReport").stdout == shown.stdout


def test_a_verb_is_never_taken_for_a_task() -> None:
    assert names_a_task(["PackImages", "--dataset", "tiny"])
    assert not names_a_task(["status", "PackImages"])
    assert not names_a_task([])


@pytest.mark.parametrize(
    ("typed", "program", "command"),
    [
        ("/usr/bin/pigeonhole", "pigeonhole", "pigeonhole FullReport --dataset 'my own'"),
        ("/x/pipeline/__main__.py", "python -m pipeline", "python -m pipeline FullReport --dataset 'my own'"),
        ("/usr/bin/luigi", "luigi --module pipeline", "luigi FullReport --dataset 'my own'"),
    ],
)
def test_the_report_names_the_command_as_it_was_typed(
    project: Project, monkeypatch: pytest.MonkeyPatch, typed: str, program: str, command: str
) -> None:
    with configured(project.settings):
        task = pipeline.PackImages(dataset="tiny")
        assert command_for(task) == "pigeonhole PackImages --dataset tiny", "Python built it"
        monkeypatch.setitem(sys.modules, "luigi.cmdline", sys)
        monkeypatch.setattr(sys, "argv", [typed, "FullReport", "--dataset", "my own"])
        assert typed_program() == program
        assert command_for(task) == command
