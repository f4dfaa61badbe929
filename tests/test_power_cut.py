"""The power cut: what a journal says is done must be on the disk before the journal says so."""

import json
import os
from pathlib import Path

import pytest
from attacks.forked import DONE, run_forked
from conftest import Project
from PIL import Image
from requirement import lacking

import pipeline
from datasets import export
from datasets.export_journal import ExportJournal
from datasets.files import sync
from datasets.files.whole_file import write_whole


@pytest.fixture
def stopped(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose export was stopped in its fourth lot of four pictures."""
    monkeypatch.setattr(export, "WRITTEN_AT_ONCE", 4)
    folders = project.home / "images/train"

    def stop_at(path: str, content: bytes) -> None:
        if len(list(folders.rglob("*.png"))) == 14:
            os._exit(0)
        write(path, content)

    write = export._write_picture
    monkeypatch.setattr(export, "_write_picture", stop_at)
    process = os.fork()
    if process == 0:
        project.build(pipeline.ExportImages)
        os._exit(1)
    os.waitpid(process, 0)
    monkeypatch.setattr(export, "_write_picture", write)
    assert len(list(folders.rglob("*.png"))) == 14
    return project


def last_lot(project: Project) -> list[Path]:
    return [project.images / row.path for row in ExportJournal(project.home).rows()[-4:]]


def restart_machine(project: Project) -> None:
    """Makes the journal one of another start of the machine."""
    journal = project.home / "export/journal"
    head, _, rows = journal.read_text().partition("\n")
    journal.write_text(json.dumps(json.loads(head) | {"machine_start": "another"}) + "\n" + rows)


@pytest.mark.parametrize("left", [b"", b"\0" * 300], ids=["empty", "zeros"])
def test_pictures_of_the_last_lot_that_a_power_cut_emptied_or_lost_are_written_again(
    stopped: Project, left: bytes
) -> None:
    if not sync.machine_start():
        lacking("needs a system that says when it started, as Linux does")
    emptied, lost, *_ = last_lot(stopped)
    emptied.write_bytes(left)
    lost.unlink()
    restart_machine(stopped)
    assert stopped.table("edits.csv") == []
    with Image.open(emptied) as picture:
        assert picture.size == (32, 32)


def test_after_a_kill_alone_what_was_deleted_since_stays_deleted(stopped: Project) -> None:
    deleted = last_lot(stopped)[0]
    deleted.unlink()
    assert [row["edit"] for row in stopped.table("edits.csv")] == ["deleted"]


def test_every_lot_is_on_the_disk_before_the_next_is_journaled(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "WRITTEN_AT_ONCE", 4)
    order = project.folder / "order"

    def noting(name: str, call: object) -> object:
        def noted(*arguments: object) -> object:
            with order.open("a") as lines:
                lines.write(name)
            return call(*arguments)  # type: ignore[operator]

        return noted

    monkeypatch.setattr(export, "sync_disks", noting("s", export.sync_disks))
    monkeypatch.setattr(export, "_write_picture", noting("w", export._write_picture))
    monkeypatch.setattr(ExportJournal, "add", noting("j", ExportJournal.add))
    monkeypatch.setattr(ExportJournal, "end", noting("e", ExportJournal.end))
    assert run_forked(lambda: project.built(pipeline.ExportImages)).how == DONE
    assert order.read_text() == "sjwwww" * 9 + "se"


def test_a_flushed_file_is_on_the_disk_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = []
    fsync = os.fsync

    def noting(descriptor: int) -> None:
        fsync(descriptor)
        flushed.append((os.path.samestat(os.fstat(descriptor), tmp_path.stat()), (tmp_path / "file").exists()))

    monkeypatch.setattr(os, "fsync", noting)
    write_whole(tmp_path / "file", "content", flushed=True)
    assert flushed == [(False, False), (True, True)], "first the content, then the folder that names it"
