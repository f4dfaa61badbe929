"""An export that is killed, repeated or changed: the folders end whole, and nothing of the user's is lost."""

import csv
import hashlib
import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import CLASSES, Project

import pipeline
from datasets.export_journal import ExportJournal
from datasets.tables import read_exported

pytestmark = pytest.mark.slow


def write_big_archive(folder: Path) -> Path:
    """Writes 15,000 pictures of ten classes: several lots of the journal."""
    folder.mkdir()
    random = np.random.default_rng(1)
    for name in [*(f"data_batch_{batch}.bin" for batch in range(1, 6)), "test_batch.bin"]:
        records = random.integers(0, 256, (2_500, 3073), np.uint8)
        records[:, 0] %= 10
        records.tofile(folder / name)
    return folder


@pytest.fixture
def killed(project: Project) -> Path:
    """The folder of a data set whose export was killed in the middle."""
    project.settings["cifar"]["archives"] = str(write_big_archive(project.folder / "cifar-10-batches-bin"))
    project.settings["dataset:big"] = {"source": "cifar10"}
    home = project.folder / "workspace" / "big"
    process = project.start("ExportImages", "--dataset", "big")
    deadline = time.monotonic() + 60
    while not (home / "export/journal").exists() or (home / "export/journal").read_bytes().count(b"\n") < 6_000:
        assert process.poll() is None, "the export ended before it could be killed"
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (home / "export.csv").exists()
    return home


def missing_pictures(home: Path) -> list[str]:
    rows = list(csv.DictReader((home / "export.csv").open()))
    there = [row for row in rows if (home / "images" / row["path"]).exists()]
    for row in there:
        assert hashlib.sha256((home / "images" / row["path"]).read_bytes()).hexdigest() == row["sha256"]
    return [row["path"] for row in rows if row not in there]


def test_a_killed_export_goes_on_where_it_stopped_and_respects_what_was_deleted_meanwhile(
    killed: Path, project: Project
) -> None:
    written = sorted((killed / "images").rglob("*.png"), key=lambda path: path.name.partition("_")[2])
    deleted, kept, deleted_late = written[0], written[1], written[-2]
    before = kept.stat().st_mtime_ns
    deleted.unlink()
    deleted_late.unlink()
    assert project.luigi("ExportImages", "--dataset", "big").returncode == 0
    expected = [path.relative_to(killed / "images").as_posix() for path in (deleted, deleted_late)]
    assert missing_pictures(killed) == expected
    assert kept.stat().st_mtime_ns == before


def test_other_settings_after_a_kill_start_afresh_and_swap_no_labels(killed: Path, project: Project) -> None:
    project.settings["dataset:big"]["classes"] = "automobile,airplane,bird,cat,deer,dog,frog,horse,ship,truck"
    assert project.luigi("IndexImages", "--dataset", "big").returncode == 0
    assert missing_pictures(killed) == []
    assert (killed / "latest/index/edits.csv").read_text().count("\n") == 1


def test_an_edit_among_the_pictures_of_a_killed_export_outlives_other_settings(killed: Path, project: Project) -> None:
    picture = next((killed / "images/train/cat").iterdir())
    picture.rename(killed / "images/train/dog" / picture.name)
    project.settings["dataset:big"]["classes"] = "dog,cat"
    assert project.luigi("IndexImages", "--dataset", "big").returncode == 0
    assert (killed / "latest/index/edits.csv").read_text().count("\n") == 2
    assert (killed / "images/train/dog" / f"1_{picture.name.partition('_')[2]}").exists()


@pytest.fixture
def stopped(project: Project) -> Project:
    """A project whose export wrote every picture and was killed before it could say so."""
    project.build(pipeline.ExportImages)
    result = (project.home / "latest/export").resolve()
    journal = ExportJournal(project.home)
    journal.begin(f".{result.name}.partial", CLASSES, "cifar10", {})
    journal.add(read_exported(result / "export.csv"))
    shutil.rmtree(result)
    return project


def test_a_picture_torn_by_the_kill_is_written_whole(stopped: Project) -> None:
    last = stopped.images / "test/frog/2_35.png"
    content = last.read_bytes()
    last.write_bytes(content[:100])
    assert stopped.build(pipeline.ExportImages).complete
    assert last.read_bytes() == content


def test_what_the_user_did_between_a_kill_and_the_next_run_stays_done(stopped: Project) -> None:
    deleted, moved, painted = (stopped.picture(name) for name in ("cat", "dog", "frog"))
    deleted.unlink()
    moved.rename(stopped.images / "train/cat" / moved.name)
    painted.write_bytes(b"painted by the user")
    assert stopped.build(pipeline.ExportImages).complete
    assert not deleted.exists()
    assert not moved.exists()
    assert painted.read_bytes() == b"painted by the user"


def test_while_an_export_is_unfinished_nothing_is_complete(stopped: Project) -> None:
    stopped.build(pipeline.IndexImages)
    ExportJournal(stopped.home).begin("another", CLASSES, "cifar10", {})
    outcome = stopped.build(pipeline.IndexImages)
    assert "ExportImages" in outcome.ran[0].task


def test_export_never_writes_into_folders_that_are_there(project: Project) -> None:
    project.build(pipeline.ExportImages)
    picture = project.picture("frog")
    picture.unlink()
    os.truncate(project.picture("frog"), 0)
    shutil.rmtree((project.home / "latest/export").resolve())
    project.build(pipeline.ExportImages)
    assert not picture.exists()
    assert project.picture("frog").stat().st_size == 0


def test_folders_without_a_picture_are_exported_into(project: Project) -> None:
    (project.images / "train/cat").mkdir(parents=True)
    project.build(pipeline.ExportImages)
    assert len(list(project.images.rglob("*.png"))) == 36


def test_other_settings_leave_hidden_files_and_a_linked_folder_where_they_are(project: Project) -> None:
    elsewhere = project.folder / "another disk"
    elsewhere.mkdir()
    project.home.mkdir(parents=True)
    project.images.symlink_to(elsewhere)
    project.build()
    hidden = [elsewhere / ".git/HEAD", elsewhere / "train/cat/.notes"]
    hidden[0].parent.mkdir()
    for file in hidden:
        file.write_text("mine")
    project.settings["dataset:tiny"]["classes"] = "frog,dog"
    assert project.build().complete
    assert project.images.is_symlink()
    assert all(file.read_text() == "mine" for file in hidden)
    assert len(list(elsewhere.rglob("*.png"))) == 24


def test_known_edits_are_applied_again_to_the_pictures_they_were_made_to_and_no_others(project: Project) -> None:
    project.build()
    moved, deleted = project.picture("cat"), project.picture("frog")
    moved.rename(project.images / "train/dog" / moved.name)
    deleted.unlink()
    project.build()
    shutil.rmtree(project.images)
    other = shutil.copytree(project.settings["cifar"]["archives"], project.folder / "other")
    batch = np.fromfile(other / "data_batch_1.bin", np.uint8)
    batch[2::3073] ^= 1
    batch.tofile(other / "data_batch_1.bin")
    project.settings["cifar"]["archives"] = str(other)
    assert project.build().complete
    assert moved.exists()
    assert deleted.exists()


def test_known_edits_outlive_a_change_of_classes(project: Project) -> None:
    project.build()
    moved, dropped = project.picture("cat"), project.picture("cat", 1)
    moved.rename(project.images / "train/frog" / moved.name)
    dropped.rename(project.images / "train/dog" / dropped.name)
    project.build()
    shutil.rmtree(project.images)
    project.settings["dataset:tiny"]["classes"] = "frog,cat"
    assert project.build().complete
    assert (project.images / "train/frog" / f"1{moved.name[1:]}").exists()
    assert not list(project.images.rglob(f"*{dropped.name[1:]}")), "it is a dog, and there are no dogs"
    project.settings["dataset:tiny"]["classes"] = "frog,cat,dog"
    assert project.build().complete
    assert (project.images / "train/dog" / f"1{dropped.name[1:]}").exists()


def test_folders_deleted_after_a_kill_are_exported_again(killed: Path, project: Project) -> None:
    shutil.rmtree(killed / "images")
    assert project.luigi("ExportImages", "--dataset", "big").returncode == 0
    assert missing_pictures(killed) == []
