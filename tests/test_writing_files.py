"""Tests that files are whole or absent, moved without loss to another disk, and locked by one process at a time."""

import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest
from disks import small_disk

from datasets.errors import UserError
from datasets.files.lock import is_locked, locked
from datasets.files.move import end_stopped_move, move
from datasets.files.whole_file import unfinished_path, whole_file, write_whole
from pipeline.terminal.user_csv import write_user_csv

pytest_plugins = ("disks",)


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    write_whole(table, "old")

    def write_half() -> None:
        with whole_file(table) as unfinished:
            unfinished.write_text("half of the n")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_half()
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("table.csv", "old")]


def test_what_a_kill_left_is_overwritten_by_the_next_writer(tmp_path: Path) -> None:
    table = tmp_path / "not there yet" / "table.csv"
    table.parent.mkdir()
    unfinished_path(table).write_text("half")
    write_whole(table, "new", flushed=True)
    assert [(file.name, file.read_text()) for file in table.parent.iterdir()] == [("table.csv", "new")]


def test_the_users_table_stays_whole_where_the_disk_runs_full(tmp_path: Path) -> None:
    with small_disk(tmp_path, "120k"):
        table = tmp_path / "predictions.csv"
        write_user_csv(table, "", ["path"], [["old.png"]])
        with pytest.raises(UserError, match=r"predictions\.csv cannot be written: No space left on device"):
            write_user_csv(table, "", ["path"], [["new.png"]] * 20_000)
        assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(table.name, "path\nold.png\n")]


def test_the_users_table_goes_where_a_link_leads_and_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("table.csv")
    write_user_csv(tmp_path / "link.csv", "", ["path"], [["a.png"]])
    assert (tmp_path / "table.csv").read_text() == "path\na.png\n"
    assert (tmp_path / "link.csv").is_symlink()
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_user_csv(tmp_path / "pipe", "", ["path"], [["a.png"]])
    assert os.read(reader, 100) == b"path\na.png\n"
    os.close(reader)


def test_text_is_written_with_the_line_ends_and_letters_it_has(tmp_path: Path) -> None:
    write_whole(tmp_path / "text", "naïve\r\n")
    assert (tmp_path / "text").read_bytes() == "naïve\r\n".encode()


def test_a_file_a_link_and_a_folder_move_to_another_disk(tmp_path: Path, other_disk: Path) -> None:
    (tmp_path / "file").write_text("content")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/inner").write_text("inner")
    (other_disk / ".moving").write_text("what a kill left")
    for name in ("folder", "link"):
        move(tmp_path / name, other_disk / name)
    assert (other_disk / "link").is_symlink()
    assert (other_disk / "link").read_text() == "content", "a relative link still leads where it led"
    move(tmp_path / "file", other_disk / "deeper/file")
    assert (other_disk / "folder/inner").read_text() == "inner"
    assert (other_disk / "deeper/file").read_text() == "content"
    assert list(tmp_path.iterdir()) == []
    assert {path.name for path in other_disk.iterdir()} == {"link", "folder", "deeper"}


def test_of_a_move_stopped_after_its_copy_one_file_is_left(tmp_path: Path, other_disk: Path) -> None:
    for folder in (tmp_path, other_disk):
        (folder / "same").write_text("content")
        (folder / "other").write_text(folder.name)
    end_stopped_move(tmp_path / "same", other_disk / "same")
    end_stopped_move(tmp_path / "other", other_disk / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["other"], "only a whole copy lets the original go"


def test_two_files_alike_on_one_disk_both_stay(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("content")
    (tmp_path / "two").write_text("content")
    end_stopped_move(tmp_path / "one", tmp_path / "two")
    assert len(list(tmp_path.iterdir())) == 2


def hold_until_told(folder: Path, told: Any, held: Any) -> None:
    """Holds the lock of a folder in a process of its own."""
    with locked(folder, "a test"):
        held.set()
        told.wait(60)


def test_a_lock_is_seen_by_others_and_goes_with_its_process(tmp_path: Path) -> None:
    told, held = multiprocessing.Event(), multiprocessing.Event()
    holder = multiprocessing.Process(target=hold_until_told, args=(tmp_path / "result", told, held))
    holder.start()
    assert held.wait(60)
    assert is_locked(tmp_path / "result")
    os.kill(holder.pid or 0, 9)
    holder.join()
    assert not is_locked(tmp_path / "result")
    assert not is_locked(tmp_path / "never locked")
