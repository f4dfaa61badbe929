"""Tests that `prune --yes` deletes old results of ours, and nothing that a person made or a running command uses."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Project
from remote_disk import remote_disk
from verb_runs import run_verb

import pipeline

pytestmark = pytest.mark.slow

WAITING = """
import time
from pathlib import Path
from pipeline import *
from datasets import pack
write_pack = pack.write_pack
def wait(*args):
    print("waiting", flush=True)
    while not Path("go on").exists():
        time.sleep(0.01)
    write_pack(*args)
pack.write_pack = wait
"""


def build_another_split(project: Project) -> Path:
    """Builds a second split; returns the first, which `latest/` no longer names."""
    project.build(pipeline.SplitImages)
    old = (project.home / "latest/split").resolve()
    project.settings["SplitImages"] = {"seed": "1"}
    assert project.build(pipeline.SplitImages).complete
    return old


def copy_result(home: Path) -> Path:
    old = next(folder for folder in (home / "split").glob("[!.]*") if not (home / "latest/split").samefile(folder))
    return shutil.copytree(old, home / "split/the good one")


def copy_result_under_another_key(home: Path) -> Path:
    return shutil.copytree((home / "latest/split").resolve(), home / "split" / "0123456789abcdef")


def copy_place(home: Path) -> Path:
    return shutil.copytree(home / "split", home / "splits of mine")


def copy_unfinished(home: Path) -> Path:
    (home / "split/.0123456789abcdef.partial").mkdir()
    copied = shutil.copytree(home / "split", home / "kept/split") / ".0123456789abcdef.partial"
    shutil.rmtree(home / "split/.0123456789abcdef.partial")
    return copied


def copy_data_set(home: Path) -> Path:
    return shutil.copytree(home, home.with_name("tiny-before"), symlinks=True)


def copy_latest(home: Path) -> Path:
    return shutil.copytree(home / "latest", home / "latest-before")


def make_folder_with_trace(home: Path) -> Path:
    (home / "notes/of june").mkdir(parents=True)
    (home / "notes/of june/trace.json").write_text('{"key": "of june", "files": {}}')
    return home / "notes"


def make_folder_with_latest(home: Path) -> Path:
    mine = home.with_name("mine") / "0123456789abcdef"
    (home.with_name("mine") / "latest").mkdir(parents=True)
    mine.mkdir()
    (mine / "trace.json").write_text('{"key": "0123456789abcdef", "files": {}}')
    return mine


def link_place(home: Path) -> Path:
    elsewhere = shutil.copytree(home / "split", home.parent.parent / "elsewhere")
    (home / "also").symlink_to(elsewhere)
    (home / "latest/also").symlink_to(f"../also/{(home / 'latest/split').readlink().name}")
    return elsewhere


@pytest.mark.parametrize(
    "make",
    [
        copy_result,
        copy_result_under_another_key,
        copy_place,
        copy_unfinished,
        copy_data_set,
        copy_latest,
        make_folder_with_trace,
        make_folder_with_latest,
        link_place,
    ],
)
def test_what_a_person_made_or_copied_stays(project: Project, make: Callable[[Path], Path]) -> None:
    old = build_another_split(project)
    made = make(project.home)
    before = sorted(made.rglob("*"))
    run_verb(project, "prune", "--yes")
    assert not old.exists()
    assert made.exists()
    assert sorted(made.rglob("*")) == before


def test_an_old_result_in_which_a_person_put_a_file_stays(project: Project) -> None:
    old = build_another_split(project)
    (old / ".DS_Store").touch()
    (old / "what I saw.txt").write_text("mine")
    assert run_verb(project, "prune", "--yes") == "nothing to delete\n"
    (old / "what I saw.txt").unlink()
    run_verb(project, "prune", "--yes")
    assert not old.exists()


def test_where_latest_is_gone_nothing_is_deleted_since_nobody_knows_what_is_current(project: Project) -> None:
    old = build_another_split(project)
    (project.home / "latest/split").unlink()
    assert run_verb(project, "prune", "--yes") == "nothing to delete\n"
    assert old.exists()


def test_what_the_first_build_of_a_stage_left_when_it_was_killed_is_deleted(project: Project) -> None:
    project.build(pipeline.SplitImages)
    run = start_and_wait(project, {**os.environ})
    run.kill()
    run.communicate()
    assert list(project.home.glob("pack/.*.partial"))
    run_verb(project, "prune", "--yes")
    assert not list(project.home.glob("pack/.*.partial"))


def test_old_results_that_an_older_version_left_without_a_mark_are_deleted(project: Project) -> None:
    old = build_another_split(project)
    for mark in project.home.rglob(".place"):
        mark.unlink()
    run_verb(project, "prune", "--yes")
    assert not old.exists()


def start_and_wait(project: Project, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Starts a command, and returns it once it is about to pack."""
    (project.folder / "waiting.py").write_text(WAITING)
    path = os.pathsep.join([environment.get("PYTHONPATH", ""), "."])
    run = project.start("PackImages", "--dataset", "tiny", module="waiting", env=environment | {"PYTHONPATH": path})
    assert run.stdout is not None
    assert run.stdout.readline() == "waiting\n"
    return run


def prune(project: Project, environment: dict[str, str]) -> str:
    """Runs `prune --yes` in a process of its own; returns what it prints."""
    command = [sys.executable, "-m", "pipeline", "prune", "--yes"]
    run = subprocess.run(command, cwd=project.write_settings(), env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


@pytest.fixture(params=["a disk of this machine", "a disk of another machine"])
def environment(request: pytest.FixtureRequest, project: Project) -> dict[str, str]:
    """The environment of commands on either kind of disk."""
    if request.param == "a disk of this machine":
        return {**os.environ}
    return remote_disk(project.folder)


def build_another_split_meanwhile(project: Project, environment: dict[str, str]) -> Path:
    """Builds a second split by a command; returns the first, which `latest/` no longer names."""
    old = (project.home / "latest/split").resolve()
    project.settings["SplitImages"] = {"seed": "1"}
    assert project.luigi("SplitImages", "--dataset", "tiny", env=environment).returncode == 0
    return old


def test_a_result_that_a_running_command_uses_stays_until_it_ends(
    project: Project, environment: dict[str, str]
) -> None:
    project.build(pipeline.SplitImages)
    run = start_and_wait(project, environment)
    old = build_another_split_meanwhile(project, environment)
    printed = prune(project, environment)
    assert f"{old.name}  stays: a running command uses it" in printed
    assert "0.0 MB deleted" in printed
    assert list(project.home.glob("pack/.*.partial")), "the running command builds there"
    (project.folder / "go on").touch()
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert old.name in prune(project, environment)
    assert not old.exists()
    assert not [*(project.home.parent / ".running").glob("[!.]*")]


def test_what_a_killed_command_used_goes(project: Project, environment: dict[str, str]) -> None:
    project.build(pipeline.SplitImages)
    run = start_and_wait(project, environment)
    old = build_another_split_meanwhile(project, environment)
    run.kill()
    run.communicate()
    prune(project, environment)
    assert not old.exists()
    assert not list(project.home.glob("pack/.*.partial"))
    assert not [*(project.home.parent / ".running").glob("[!.]*")]
