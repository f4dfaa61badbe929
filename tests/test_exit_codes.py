"""Tests the exit codes of commands, in one process and in several that share a scheduler."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Project

from pipeline.terminal.exit_codes import IN_WORDS, OF_LUIGI

ROOT = Path(__file__).parent.parent
FAILED = OF_LUIGI["task_failed"]

HELD = """
import time
from pathlib import Path
import luigi
from pipeline.engine.stage import Stage

class Held(Stage):
    "A stage that runs until a file is there, and fails where that says so."

    @property
    def result_path(self):
        return f"held/{self.task_family}"

    def build(self, folder):
        Path(f"{self.task_family}.began").touch()
        end = Path(f"{self.task_family}.end")
        while not end.exists():
            time.sleep(0.05)
        assert not end.read_text(), end.read_text()
        (folder / "result.txt").write_text("built")

class One(Held): "The first of two that can run at once."
class Other(Held): "The second of two that can run at once."

class Both(luigi.WrapperTask):
    "A task that asks for both."
    dataset = luigi.Parameter(default="tiny")

    def requires(self):
        return [One(dataset=self.dataset), Other(dataset=self.dataset)]
"""


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A running luigid's port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    luigid = Path(sys.executable).with_name("luigid")
    with (tmp_path / "luigid.log").open("w") as log:
        server = subprocess.Popen([luigid, "--port", port, "--address", "127.0.0.1"], stdout=log, stderr=log)
    wait_for(lambda: is_listening(int(port)))
    yield port
    server.terminate()
    server.wait(10)


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


class Shared:
    """A pair of processes that build the same two stages by one scheduler."""

    def __init__(self, project: Project, port: str) -> None:
        project.write_settings()
        (project.folder / "held.py").write_text(HELD)
        self._folder = project.folder
        self.processes = [self._start(port)]
        wait_for(lambda: any(self._has_begun(stage) for stage in ("One", "Other")))
        self.first = "One" if self._has_begun("One") else "Other"
        self.second = "Other" if self.first == "One" else "One"
        self.processes.append(self._start(port))
        wait_for(lambda: self._has_begun(self.second))

    def _start(self, port: str) -> subprocess.Popen[str]:
        words = ["--module", "held", "Both", "--dataset", "tiny", "--scheduler-port", port]
        command = [sys.executable, "-m", "luigi", *words]
        return subprocess.Popen(command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def _has_begun(self, stage: str) -> bool:
        return (self._folder / f"{stage}.began").exists()

    def end(self, stage: str, error: str = "") -> None:
        """Lets a stage end, by an error if one is named."""
        (self._folder / "said").write_text(error)
        (self._folder / "said").rename(self._folder / f"{stage}.end")

    def exit_codes(self) -> list[int]:
        """Returns how each process ended."""
        for process in self.processes:
            process.communicate(timeout=60)
        return [process.returncode for process in self.processes]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["first", "second"])
def test_of_processes_that_share_the_work_each_exits_0_once_all_is_built(
    project: Project, scheduler: str, who: str
) -> None:
    shared = Shared(project, scheduler)
    last = shared.second if who == "first" else shared.first
    shared.end(shared.first if who == "first" else shared.second)
    time.sleep(2)  # the one that is done finds nothing more to do meanwhile
    shared.end(last)
    assert shared.exit_codes() == [0, 0]


@pytest.mark.slow
def test_where_a_stage_fails_in_one_process_the_other_ends_too_and_neither_exits_0(
    project: Project, scheduler: str
) -> None:
    shared = Shared(project, scheduler)
    shared.end(shared.first)
    shared.end(shared.second, error="by hand")
    assert shared.exit_codes() == [OF_LUIGI["not_run"], FAILED]


@pytest.mark.slow
def test_a_process_waits_for_a_stage_that_all_others_depend_on(project: Project, scheduler: str) -> None:
    words = ("PackImages", "--dataset", "tiny", "--scheduler-port", scheduler)
    command = [sys.executable, "-m", "pipeline", *words]
    folder = project.write_settings()
    both = [subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert not any("still to build" in screen for screen in said)


def test_what_is_built_or_there_already_exits_0_and_a_failed_stage_does_not(project: Project) -> None:
    words = ("PackImages", "--dataset", "tiny")
    assert [project.luigi(*words).returncode for _ in range(2)] == [0, 0]
    (project.images / "train/cat").rename(project.images / "train/caat")
    run = project.luigi(*words)
    assert run.returncode == FAILED
    assert "caat" in run.stderr


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_is_stopped_by_hand_exits_130(project: Project, workers: str) -> None:
    project.settings["recipe:quick"]["epochs"] = "1000000"
    words = ("TrainModel", "--dataset", "tiny", "--recipe", "quick", "--workers", workers)
    process = project.start_to_be_stopped(*words)
    wait_for(lambda: list(project.home.glob("runs/quick/train/.*.partial")))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "the same command goes on from here" in errors


@pytest.mark.parametrize(
    ("words", "code"),
    [(("status", "--datset", "x"), 2), (("recipes",), 0), (("PackImags",), 2), (("verify",), 0)],
)
def test_a_verb_exits_0_or_2(project: Project, words: tuple[str, ...], code: int) -> None:
    command = [sys.executable, "-m", "pipeline", *words]
    run = subprocess.run(command, cwd=project.write_settings(), capture_output=True, text=True, check=False)
    assert run.returncode == code, run.stderr


def test_the_docs_say_what_each_exit_code_means() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", page, re.MULTILINE))
    assert rows == {str(code): meaning for code, meaning in IN_WORDS.items()}
