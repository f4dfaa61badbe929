"""The code that a process has loaded counts: one whose files changed meanwhile publishes nothing more."""

import time
from collections.abc import Callable

import pytest
from conftest import Project
from own_code import OwnCode

RECIPES = {
    name: {"base": "plain", "epochs": "3", "batch_size": "8", "seed": str(seed)} for seed, name in enumerate("ab")
}


@pytest.fixture
def code(project: Project) -> OwnCode:
    project.settings |= {f"recipe:{name}": options for name, options in RECIPES.items()}
    return OwnCode(project)


EDITED_BETWEEN = """
import pipeline, sys
from pathlib import Path
from datasets.errors import UserError

file = Path("datasets/identity.py")
text = file.read_text()
task = pipeline.PackImages(dataset="tiny")
pipeline.build(task)
file.write_text(text + "\\n\\ndef idle() -> int:\\n    return 1\\n")
pipeline.build(task)  # nothing that runs has changed
file.write_text(text.replace("digest_size=8", "digest_size=9"))
try:
    pipeline.build(task)
except UserError as error:
    print(error)
"""


def test_a_process_whose_code_was_edited_between_two_builds_is_to_be_started_again(code: OwnCode) -> None:
    run = code.python("-c", EDITED_BETWEEN)
    assert "SplitImages: the code changed since this process started (datasets.identity): start it again" in run.stdout
    status = code.python("-m", "pipeline", "status", "PackImages", "--dataset", "tiny").stdout
    assert "changed code: datasets.identity" in next(line for line in status.splitlines() if "SplitImages" in line)


@pytest.mark.slow
def test_a_training_whose_code_was_edited_meanwhile_is_not_published_and_no_other_begins(code: OwnCode) -> None:
    words = ("--dataset", "tiny", "--recipes", "a,b", "--audit", "false")
    command = code.project.start("FullReport", *words, env=code.environment)
    runs = code.project.home / "runs"
    wait_for(lambda: list(runs.glob("*/train/.*.partial/checkpoint*")) or command.poll() is not None)
    file = code.path("models/training/steps.py")
    text = file.read_text()
    file.write_text(
        text.replace("def measuring(", "ADDED = 1\n\n\ndef measuring(").replace(
            "    def measure(", "    ADDED\n\n    def measure("
        )
    )
    _, errors = command.communicate(timeout=120)
    assert command.returncode != 0
    assert "the code changed since this process started (models.training.steps): start it again" in errors
    assert not list(runs.glob("*/train/[!.]*/trace.json"))
    file.write_text(text)
    assert code.project.luigi("FullReport", *words, env=code.environment).returncode == 0


def wait_for(is_so: Callable[[], object]) -> None:
    """Waits for a minute at most."""
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


EDITED_BEFORE_IT_IS_LOADED = """
import pipeline
from pathlib import Path
from pipeline.engine.stage_code import new_view

entry = "datasets.split:write_split"
file = Path("datasets/identity.py")
planned = new_view().reach([entry])
text = file.read_text()
file.write_text(text.replace("digest_size=8", "digest_size=9"))
import datasets.split
file.write_text(text)
assert new_view(from_files=True).reach([entry]) == planned
assert new_view().reach([entry]) != planned, "what was loaded is another text than stands there before and after"
print("as it should be")
"""


def test_a_module_that_was_other_only_as_it_was_loaded_is_noticed(code: OwnCode) -> None:
    run = code.python("-B", "-c", EDITED_BEFORE_IT_IS_LOADED)
    assert run.stdout == "as it should be\n", run.stderr


OWN_STAGE = """
import json
from pathlib import Path

import luigi

import pipeline
from pipeline.engine.stage import Input, Stage
from counting import count


class CountPictures(Stage):
    \"\"\"Counts the pictures that train.\"\"\"

    least = luigi.IntParameter(default=0)
    result_path = "counted"
    STEP = 1

    def inputs(self):
        return {"split": Input(pipeline.SplitImages(dataset=self.dataset), ("split.csv",))}

    def build(self, folder: Path) -> None:
        counted = max(self.least, CountPictures.STEP * count(self.source("split") / "split.csv"))
        (folder / "count.json").write_text(json.dumps(counted))
"""


@pytest.mark.slow
def test_a_stage_of_a_users_own_module_is_kept_by_its_code_and_the_modules_beside_it(code: OwnCode) -> None:
    code.path("mine.py").write_text(OWN_STAGE)
    code.path("counting.py").write_text("def count(table):\n    return len(table.read_text().splitlines()) - 1\n")

    def built(*words: str) -> str:
        command = ("-m", "luigi", "--module", "mine", "CountPictures", "--dataset", "tiny", "--local-scheduler", *words)
        run = code.python(*command)
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert "CountPictures" in built()
    assert "nothing to build" in built()
    assert "1 built (CountPictures)" in built("--least", "1000")
    assert "found again" in built()
    for file, old, new in (("mine.py", "STEP = 1", "STEP = 21"), ("counting.py", "- 1", "- 11")):
        code.path(file).write_text(code.path(file).read_text().replace(old, new))
        assert "1 built (CountPictures)" in built(), file


LOADED_AGAIN = """
import importlib
import pipeline
from datasets.errors import UserError
from pathlib import Path

import datasets.identity
file = Path("datasets/identity.py")
file.write_text(file.read_text().replace("digest_size=8", "digest_size=9"))
importlib.reload(datasets.identity)
try:
    pipeline.build(pipeline.SplitImages(dataset="tiny"))
except UserError as error:
    print(error)
"""


def test_a_module_that_is_loaded_again_does_not_pass_for_loaded_everywhere(code: OwnCode) -> None:
    assert "start it again" in code.python("-c", LOADED_AGAIN).stdout


@pytest.mark.slow
def test_what_a_training_by_other_code_left_is_not_gone_on_from(code: OwnCode) -> None:
    script = """
import pipeline
from pathlib import Path
task = pipeline.TrainModel(dataset="tiny", recipe="a")
pipeline.build(pipeline.PackImages(dataset="tiny"))
file = Path("models/training/steps.py")
text = file.read_text()
before = pipeline.TrainModel.check_inputs
def edit_and_check(stage):
    file.write_text(text.replace("    def measure(", "    added = 1\\n\\n    def measure("))
    before(stage)
pipeline.TrainModel.check_inputs = edit_and_check
try:
    pipeline.build(task)
except pipeline.UserError as error:
    print(error)
file.write_text(text)
"""
    run = code.python("-c", script)
    assert "the code changed since this process started (models.training.steps)" in run.stdout, run.stderr
    assert not list(code.project.home.glob("runs/a/train/.*.partial/*"))
