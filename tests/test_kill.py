"""The kills, crowds and full disks of real runs: every result is whole or absent, and the next run ends well."""

import json
import os
import resource
import shutil
import signal

import pytest
from conftest import Project
from disks import enlarge, small_disk

import pipeline
from pipeline.engine.damage import damaged_files
from pipeline.terminal.housekeeping import results

pytestmark = pytest.mark.slow

PACK = ("PackImages", "--dataset", "tiny")


def assert_all_whole(project: Project) -> None:
    assert [line for folder in results(project.home) for line in damaged_files(folder)] == []


KILLER = """
import os, signal, sys
left = int(os.environ["CHANGES_UNTIL_KILLED"])
def count(event, args):
    global left
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in ("os.rename", "os.mkdir", "os.remove", "os.symlink", "os.rmdir", "shutil.rmtree"):
        if str(args[0]).startswith(os.getcwd()):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from pipeline import *
"""


def contents(project: Project) -> dict[str, object]:
    """Returns the digests of every stage's result."""
    traces = (project.home / "latest").glob("*/trace.json")
    named = (trace for trace in traces if not trace.parent.name.startswith("."))
    return {trace.parent.name: json.loads(trace.read_text())["contents"] for trace in named}


def test_kill_9_before_any_change_on_disk_leaves_nothing_half_made_that_passes_for_whole(project: Project) -> None:
    """Kills the first run before its n-th change of a file or folder, for every fifth n there is."""
    project.build()
    unbroken = contents(project)
    (project.folder / "killer.py").write_text(KILLER)
    kills = 0
    for changes in range(1, 1_000, 5):
        # What was read of the code stays for most of them: to read it again takes a second.
        shutil.rmtree(project.folder / "workspace" if changes < 30 else project.home)
        environment = os.environ | {"PYTHONPATH": ".", "CHANGES_UNTIL_KILLED": str(changes)}
        run = project.luigi(*PACK, module="killer", env=environment)
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL
        kills += 1
        if project.home.exists():
            assert_all_whole(project)
        assert project.build().complete
        assert_all_whole(project)
        assert contents(project) == unbroken
        assert len(list(project.images.rglob("*.png"))) == 36
    assert kills >= 15


def test_two_processes_at_once_end_with_one_good_result(project: Project) -> None:
    processes = [project.start(*PACK) for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    for place in ("export", "index", "split", "pack"):
        assert len([folder for folder in (project.home / place).iterdir() if folder.is_dir()]) == 1
    assert_all_whole(project)
    assert project.ran() == set()


def test_a_full_disk_is_told_in_one_sentence_and_costs_nothing_that_was_finished(project: Project) -> None:
    project.build(pipeline.SplitImages)

    def allow_small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    run = project.luigi(*PACK, preexec_fn=allow_small_files_only)
    assert run.returncode != 0
    assert "larger than this system allows" in run.stderr
    assert "Traceback" not in run.stderr
    assert_all_whole(project)
    assert project.built() == {"PackImages"}


def test_a_disk_that_runs_full_is_told_in_one_sentence(project: Project) -> None:
    folder = project.folder / "workspace"
    folder.mkdir()
    with small_disk(folder, "120k") as disk:
        message = project.error()
        assert "the disk is full: make room" in message
        enlarge(disk)
        assert project.build().complete


@pytest.mark.parametrize("where", ["/proc/pigeonhole", "file/workspace"])
def test_a_workspace_that_cannot_be_written_is_told_in_one_sentence(project: Project, where: str) -> None:
    (project.folder / "file").write_text("in the way")
    project.settings["paths"]["workspace"] = str(project.folder / where)
    run = project.luigi(*PACK)
    assert run.returncode != 0
    assert where.rpartition("/")[0] in run.stderr
    assert "[paths] workspace" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_interrupted_run_says_how_to_go_on(project: Project) -> None:
    (project.folder / "slow.py").write_text(
        "import time\n"
        "from pipeline import *\n"
        "from datasets import split\n"
        "def wait(*args):\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(60)\n"
        "split.write_split = wait\n"
    )
    process = project.start_to_be_stopped(*PACK, module="slow", env=os.environ | {"PYTHONPATH": "."})
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped; the same command goes on from here" in errors
    assert "Traceback" not in errors
    assert project.built() == {"SplitImages", "PackImages"}


def test_a_result_without_a_readable_trace_is_built_again(project: Project) -> None:
    project.build()
    (project.home / "latest/split/trace.json").write_text("{")
    assert project.built() == {"SplitImages"}
