"""Tests the arguments of `python -m pipeline VERB`: its help, what it takes, and what it refuses."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Project, configured
from verb_runs import refusal_of

from pipeline import SplitImages, verbs
from pipeline.__main__ import VERBS, main
from pipeline.terminal.verb_arguments import read_arguments
from pipeline.verbs import predict

PACK = ("PackImages", "--dataset", "tiny")


def test_a_verb_names_the_nearest_of_what_is_misspelt(project: Project) -> None:
    assert "there is no task or verb 'statsu': did you mean 'status'?" in refusal_of(project, "statsu")
    assert "there is no task 'paths'" in refusal_of(project, "status", "paths")
    assert "no option '--datset': did you mean '--dataset'?" in refusal_of(project, "verify", "--datset", "x")
    assert "'tiny' is neither an option" in refusal_of(project, "verify", "tiny")
    assert "name a folder" in refusal_of(project, "verify", "--paths-workspace", "")
    assert "there is no data set with results ''" in refusal_of(project, "prune", "--dataset", "")


def test_options_of_a_verb_count_by_their_whole_names_only(project: Project) -> None:
    project.build()
    project.build(SplitImages, seed=1)
    before = sorted(project.home.rglob("*"))
    assert "there is no option '--y': did you mean '--yes'?" in refusal_of(project, "prune", "--y")
    assert sorted(project.home.rglob("*")) == before


@pytest.mark.parametrize("words", [(), ("help",), ("--help",), ("-h",)])
def test_help_without_a_verb_names_every_verb(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("usage: python -m pipeline TASK|VERB")
    for verb in VERBS:
        assert re.search(rf"^  {verb} +\w", printed, re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_shows_its_options_and_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: python -m pipeline {verb} ")
    assert "--dataset NAME" in printed
    assert f"example: python -m pipeline {verb}" in printed
    for words in (["help", verb], [verb, "-h"], [verb, "x", "--help"]):
        assert main(words) == 0
        assert capsys.readouterr().out == printed


@pytest.mark.slow
def test_the_help_and_refusals_of_pigeonhole_name_it(project: Project, tmp_path: Path) -> None:
    installed = tmp_path / "pigeonhole"
    installed.write_text("import sys\nfrom pipeline.__main__ import start\nsys.exit(start())\n")

    def typed(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(installed), *words]
        return subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)

    assert typed("--help").stdout.startswith("usage: pigeonhole TASK|VERB")
    help_of_tidy = typed("tidy", "--help").stdout
    assert help_of_tidy.startswith("usage: pigeonhole tidy ")
    assert "example: pigeonhole tidy " in help_of_tidy
    assert "as in `pigeonhole restore train/" in typed("restore").stderr


def test_every_file_of_a_verb_can_be_run_by_its_name() -> None:
    files = Path(verbs.__file__).parent.glob("[a-z]*.py")
    assert {file.stem for file in files} == {*VERBS}


def test_help_for_a_verb_that_is_misspelt_names_the_nearest(project: Project) -> None:
    for words in (("help", "statsu"), ("statsu", "--help")):
        assert "there is no task or verb 'statsu': did you mean 'status'?" in refusal_of(project, *words)


def test_the_example_of_every_verb_can_be_read(project: Project) -> None:
    for name in VERBS:
        verb = importlib.import_module(f"pipeline.verbs.{name}").VERB
        word, *arguments = verb.example.split()
        assert word == name
        with configured(project.settings):
            read_arguments(verb, arguments)


def test_operands_and_options_may_be_given_in_any_order(project: Project) -> None:
    with configured(project.settings):
        given = read_arguments(
            predict.VERB, ["a.png", "--recipe=quick", "b.png", "--seed=-1", "--output", "x.csv", "c"]
        )
    assert given.operands == ["a.png", "b.png", "c"]
    assert given.luigi_words == ["--recipe", "quick", "--seed=-1"]
    assert given.output == Path("x.csv")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("apply",), "apply: give FILE, as in `python -m pipeline apply "),
        (("restore",), "restore: give PATH, as in `python -m pipeline restore train/"),
        (("compare", "plain"), "compare: give A B, as in `python -m pipeline compare plain plain:epochs=4`"),
        (("compare", "a", "b", "c"), "compare: 'c' is neither an option nor the value of one"),
        (("predict", "x.png", "--recipe"), "predict: argument --recipe: expected one argument"),
        (("undo", "--dataset"), "undo: argument --dataset: expected one argument"),
        (("verify", "--yes"), "verify: it changes nothing, so it takes no --yes"),
        (("apply", "x.csv", "--first", "few"), "apply: argument --first: 'few' is not a number of rows"),
    ],
)
def test_arguments_that_a_verb_cannot_take_are_refused_with_what_it_takes(
    project: Project, words: tuple[str, ...], message: str
) -> None:
    assert message in refusal_of(project, *words)


def test_a_verb_is_run_and_refused_as_a_command(project: Project) -> None:
    ran, refusal = (
        subprocess.run(
            [sys.executable, "-m", "pipeline", *words],
            cwd=project.write_settings(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        for words in (("status", *PACK), ("statsu",))
    )
    assert "ExportImages" in ran.stdout
    assert refusal.returncode == 2
    assert refusal.stderr.startswith("error: there is no task or verb 'statsu'")


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_option_of_a_verb_is_answered_with_what_it_takes(project: Project, verb: str) -> None:
    said = refusal_of(project, verb, "--datasset", "tiny")
    assert said.startswith(f"{verb}: there is no option '--datasset': did you mean '--dataset'?\n")
    assert f"\nusage: python -m pipeline {verb} " in said
    assert "[--dataset NAME]" in said
    assert said.endswith(f"\n`python -m pipeline {verb} --help` explains the options")
    assert "--no-lock" not in refusal_of(project, verb, "--foo"), "what Luigi takes is not what the verb is for"


def test_the_help_of_a_verb_lists_the_options_of_its_task(capsys: pytest.CaptureFixture[str]) -> None:
    for words, listed, others in (
        (("predict",), "--epochs EPOCHS", "--mistakes"),
        (("compare",), "--TrainModel-epochs EPOCHS", "--EvaluateModel-recipe"),
        (("status",), "--mistakes MISTAKES", "--epochs EPOCHS\n  "),
        (("status", "TrainHead"), "--learning-rate LEARNING_RATE", "--mistakes"),
        (("accept", "AuditLabels"), "--folds FOLDS", "--mistakes"),
    ):
        assert main([*words, "--help"]) == 0
        printed = capsys.readouterr().out
        assert listed in printed
        assert others not in printed
        assert "--smtp" not in printed
