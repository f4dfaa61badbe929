"""The workspace as a whole: whose it is, and what is said where nothing can be written to it."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Project, configured
from disks import enlarge, small_disk

import pipeline
from datasets.errors import UserError
from pipeline.__main__ import main
from pipeline.engine import invocation

pytestmark = pytest.mark.slow

PACK = ("PackImages", "--dataset", "tiny")


@pytest.mark.parametrize("note", [b"", b"\xff\x00", b"\n"])
def test_a_note_that_a_full_disk_left_unfinished_is_written_again(project: Project, note: bytes) -> None:
    workspace = project.folder / "workspace"
    workspace.mkdir()
    (workspace / ".pigeonhole").write_bytes(note)
    assert project.build(pipeline.ExportImages).complete
    assert (workspace / ".pigeonhole").read_text() == "2\n"
    assert not list(workspace.glob(".pigeonhole.*"))


@pytest.fixture
def newer(project: Project) -> Project:
    """A project whose pack is built, in a workspace that a newer version has laid out since."""
    project.build()
    (project.folder / "workspace/.pigeonhole").write_text("99\n")
    return project


def test_a_run_with_nothing_to_do_refuses_a_workspace_of_a_newer_version(newer: Project) -> None:
    run = newer.luigi(*PACK)
    assert run.returncode == 2
    assert "was laid out by a newer version" in run.stderr
    assert "found again" not in run.stdout


@pytest.mark.parametrize("words", [("status", *PACK), ("accept", *PACK), ("verify",), ("prune", "--yes")])
def test_every_verb_refuses_a_workspace_of_a_newer_version(newer: Project, words: tuple[str, ...]) -> None:
    with configured(newer.settings), invocation.separate(), pytest.raises(UserError, match="newer version"):
        main(words)


@pytest.mark.parametrize("words", [("status", *PACK), ("verify",)])
def test_the_workspace_that_counts_is_the_one_on_the_command_line(newer: Project, words: tuple[str, ...]) -> None:
    there = newer.settings["paths"]["workspace"]
    newer.settings["paths"]["workspace"] = str(newer.folder / "another")
    with configured(newer.settings), invocation.separate(), pytest.raises(UserError, match="newer version"):
        main([*words, "--paths-workspace", there])


def test_status_in_an_empty_folder_creates_nothing(project: Project) -> None:
    with configured(project.settings), invocation.separate():
        assert main(["status", *PACK]) == 0
    assert list(project.folder.iterdir()) == []


def test_where_files_cannot_grow_luigi_says_so_in_one_sentence(project: Project) -> None:
    run = project.luigi(*PACK, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    progress = ("exporting", "reading the source", "a new workspace")
    (said,) = [line for line in run.stderr.splitlines() if not line.startswith(progress)]
    assert run.returncode == 30
    assert said.startswith("error: ")
    assert said.endswith("then run again. What was finished is kept")


def test_where_no_file_can_be_written_at_all_a_verb_says_so_in_one_sentence(project: Project) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pipeline", "status"],
        cwd=project.write_settings(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert run.returncode == 2
    assert run.stderr.startswith("error: No usable temporary directory found")
    assert run.stderr.count("\n") == 1


@pytest.fixture
def full_disk(project: Project) -> Iterator[Path]:
    """A workspace without a byte to spare."""
    folder = project.folder / "workspace"
    folder.mkdir()
    with small_disk(folder, "8k") as disk:
        (disk / "hoard").write_bytes(bytes(8192))
        yield disk


def test_a_disk_that_was_full_from_the_start_is_one_sentence_and_no_refusal_afterwards(
    project: Project, full_disk: Path
) -> None:
    run = project.luigi(*PACK)
    assert run.returncode == 30
    assert run.stderr.count("\n") == 1
    assert "the disk is full: make room" in run.stderr
    enlarge(full_disk)
    assert project.build().complete
