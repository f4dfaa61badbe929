"""The refusals of the system, as to read a file: each is told in one message, and the same command then goes on."""

import errno
import os

import pytest
from conftest import Project
from ordinary_user import by_ordinary_user
from verb_runs import refusal_of, run_verb

import pipeline

pytestmark = pytest.mark.slow

PACK = ("PackImages", "--dataset", "tiny")

REFUSING = """
import os, sys
event, part, number = os.environ["REFUSED"].split(",")
def refuse(happened, args):
    if happened == event and part in str(args[0]):
        raise OSError(int(number), os.strerror(int(number)), str(args[0]))
sys.addaudithook(refuse)
from pipeline import *
"""


def errors_of(project: Project, event: str, part: str, number: int) -> list[str]:
    """Runs the command while the system refuses calls on paths with a part; returns its messages, each once."""
    (project.folder / "refusing.py").write_text(REFUSING)
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), "."])
    environment = os.environ | {"PYTHONPATH": path, "REFUSED": f"{event},{part},{number}"}
    run = project.luigi(*PACK, module="refusing", env=environment)
    assert "Traceback" not in run.stdout + run.stderr
    return list(dict.fromkeys(line for line in run.stderr.splitlines() if line.startswith("error")))


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EMFILE])
def test_an_unreadable_note_of_what_ran_is_told_and_the_command_then_goes_on(project: Project, number: int) -> None:
    project.build(pipeline.IndexImages)
    (said,) = errors_of(project, "open", "/ledger", number)
    assert "/ledger: " in said
    assert project.built() >= {"PackImages"}


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC])
def test_where_no_temporary_folder_can_be_made_tmpdir_is_named(project: Project, number: int) -> None:
    (said,) = errors_of(project, "os.mkdir", "pigeonhole-", number)
    assert "set TMPDIR to another folder" in said
    assert project.build().complete


@pytest.mark.parametrize(
    ("event", "part"),
    [("open", "/latest/index/edits.csv"), ("open", "/.running/"), ("open", "/split/.lock")],
)
def test_a_file_of_ours_that_cannot_be_opened_is_told(project: Project, event: str, part: str) -> None:
    project.build(pipeline.IndexImages)
    (said,) = errors_of(project, event, part, errno.EIO)
    assert part.strip("/").rpartition("/")[2] in said
    assert project.build().complete


def test_a_picture_that_cannot_be_read_stops_an_export_over_it(project: Project) -> None:
    project.build(pipeline.IndexImages)
    exported = set(project.images.rglob("*.png"))
    some = project.picture("dog")
    some.touch()  # it is read again
    project.settings["dataset:tiny"]["classes"] = "frog,cat,bird"
    (said,) = errors_of(project, "open", str(some.relative_to(project.images)), errno.EIO)
    assert "files of this data set that cannot be read" in said
    assert set(project.images.rglob("*.png")) == exported
    assert project.build(pipeline.IndexImages).complete
    assert not list(project.home.glob("aside/**/*.png"))


def test_a_verb_says_which_folder_it_may_not_list(exported: Project) -> None:
    closed = exported.home / "split"
    exported.build()
    closed.chmod(0)
    try:
        for words in (("verify",), ("prune", "--yes")):
            message = by_ordinary_user(lambda words=words: refusal_of(exported, *words))
            assert str(closed) in message
            assert "may not read or write there" in message
    finally:
        closed.chmod(0o755)
    assert "0 files damaged" in run_verb(exported, "verify")
