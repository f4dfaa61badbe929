"""The tutorial, typed as it stands: every command of it, in order, on the real sample with shortened trainings."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
SHORT_TRAININGS = "[TrainModel]\nepochs = 1\n\n[AuditLabels]\nfolds = 2\n"
REPORT = "pigeonhole FullReport --recipes plain"
ROCKET = "train/tulip/0_0815.png"


class Step(NamedTuple):
    """A command with what it printed, and the state after it."""

    command: str
    output: str
    suspects: str  # suspects.csv
    page: str  # the report's text
    pictures: frozenset[Path]


def commands() -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    home = folder = tmp_path_factory.mktemp("tutorial")
    (home / "luigi.cfg").write_text(SHORT_TRAININGS)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    done = []
    for command in commands():
        script = f"{command}\npwd > {home / 'folder.txt'}"
        run = subprocess.run(["bash", "-ec", script], cwd=folder, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, f"{command}: {run.stdout}{run.stderr}"
        folder = Path((home / "folder.txt").read_text().strip())
        done.append(step(command, run.stdout, home / "workspace/sample"))
    return done


def step(command: str, output: str, home: Path) -> Step:
    html = (home / "latest/report/report.html").read_text(encoding="utf-8")
    page = re.sub(r"<[^>]*>", " ", html.replace("<wbr>", ""))
    pictures = frozenset(path.relative_to(home) for path in (home / "images").rglob("*.png"))
    suspects = (home / "latest/audit/suspects.csv").read_text(encoding="utf-8")
    return Step(command, output, suspects, " ".join(page.split()), pictures)


def reports(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.command == REPORT]


def test_the_report_names_the_planted_wrong_label_with_the_command_that_the_tutorial_types(steps: list[Step]) -> None:
    move = f"mv -n {ROCKET} train/rocket/"
    assert move in commands()
    assert move in reports(steps)[0].suspects
    assert move in reports(steps)[0].page


def test_status_says_that_the_export_stands_and_the_index_does_not(steps: list[Step]) -> None:
    (status,) = (step.output for step in steps if " status " in step.command)
    assert re.search(r"^ExportImages +fresh", status, re.MULTILINE)
    assert re.search(r"^IndexImages +stale.*rocket", status, re.MULTILINE)


def test_the_second_run_names_the_edit_and_builds_all_but_the_export(steps: list[Step]) -> None:
    second = reports(steps)[1]
    assert "1 moved: tulip to rocket" in second.output
    assert "TrainModel plain" in second.output
    assert "ExportImages" not in second.output.partition("found again")[0]
    assert ROCKET not in second.suspects


def test_the_second_report_says_what_changed_since_the_first(steps: list[Step]) -> None:
    glance = reports(steps)[1].page.partition("At a glance")[2]
    assert "1 moved: tulip to rocket" in glance
    assert "first report" in reports(steps)[0].page


def test_all_suspects_are_moved_only_when_told_to_and_all_of_them_taken_back(steps: list[Step]) -> None:
    shown, moved, undone = (step.pictures for step in steps if " apply " in step.command or " undo " in step.command)
    assert shown == undone
    assert len(moved - shown) > 10


def test_moved_back_the_first_report_is_there_at_once(steps: list[Step]) -> None:
    first, _, last = reports(steps)
    assert last.page == first.page
    assert "1 built (IndexImages)" in last.output  # which looked at the file that moved
