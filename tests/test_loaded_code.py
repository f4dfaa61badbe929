"""The code that a process has loaded counts: one whose files changed meanwhile publishes nothing more."""

import time

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

file = Path("datasets/split.py")
text = file.read_text()
task = pipeline.PackImages(dataset="tiny")
assert pipeline.build(task).complete
file.write_text(text + "\\n\\ndef idle() -> int:\\n    return 1\\n")
assert pipeline.build(task).complete, "nothing that runs has changed"
file.write_text(text.replace("digest_size=8", "digest_size=9"))
try:
    pipeline.build(task)
except UserError as error:
    print(error)
"""


def test_a_process_whose_code_was_edited_between_two_builds_is_to_be_started_again(code: OwnCode) -> None:
    run = code.python("-c", EDITED_BETWEEN)
    assert "SplitImages: the code changed since this process started (datasets.split): start it again" in run.stdout
    status = code.python("-m", "pipeline", "status", "PackImages", "--dataset", "tiny").stdout
    assert "changed code: datasets.split" in next(line for line in status.splitlines() if "SplitImages" in line)


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


def wait_for(is_so: object) -> None:
    """Waits for a minute at most."""
    assert callable(is_so)
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


EDITED_BEFORE_IT_IS_LOADED = """
import pipeline
from pathlib import Path
from pipeline.engine.stage_code import new_view

entry = "datasets.split:write_split"
file = Path("datasets/split.py")
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
