"""Tests `tidy`: names and folders agree afterwards, and every picture keeps its class."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import Project
from ordinary_user import by_ordinary_user
from verb_runs import files_of, label_counts, paint, refusal_of, run_verb

import pipeline
from datasets.files.lock import locked

pytest_plugins = ("disks",)


def move(picture: Path, folder: str) -> Path:
    """Moves a picture to another class's folder under the name it has. Returns its new path."""
    return picture.rename(picture.parent.parent / folder / picture.name)


def test_a_moved_picture_gets_the_prefix_of_its_folder_and_keeps_its_number(exported: Project) -> None:
    moved = move(exported.picture("cat"), "dog")
    before = label_counts(exported)
    printed = run_verb(exported, "tidy", "--yes")
    assert f"train/dog/{moved.name} -> train/dog/1{moved.name[1:]}" in printed
    assert moved.with_name(f"1{moved.name[1:]}").exists()
    assert label_counts(exported) == before


def test_a_renamed_prefix_moves_the_picture_to_its_class(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.rename(picture.with_name(f"2{picture.name[1:]}"))
    before = label_counts(exported)
    run_verb(exported, "tidy", "--yes")
    assert (exported.images / f"train/frog/2{picture.name[1:]}").exists()
    assert label_counts(exported) == before


def test_without_yes_it_says_what_it_would_do_and_touches_nothing(exported: Project) -> None:
    move(exported.picture("cat"), "dog")
    before = files_of(exported)
    printed = run_verb(exported, "tidy")
    assert "tiny: tidy would move 1 picture" in printed
    assert "Nothing was changed. Add --yes to do it" in printed
    assert files_of(exported) == before
    assert not (exported.home / "changes/journal").exists()


def test_the_commands_it_suggests_are_about_the_workspace_it_was_given(exported: Project) -> None:
    move(exported.picture("cat"), "dog")
    workspace = exported.settings["paths"].pop("workspace")
    printed = run_verb(exported, "tidy", "--yes", "--paths-workspace", workspace)
    assert f"`python -m pipeline undo --dataset tiny --yes --paths-workspace {workspace}` takes it back" in printed
    assert f"--dataset tiny --paths-workspace {workspace}` builds what this changes" in printed


def test_a_second_time_there_is_nothing_to_do(exported: Project) -> None:
    move(exported.picture("cat"), "dog")
    run_verb(exported, "tidy", "--yes")
    assert "nothing to tidy" in run_verb(exported, "tidy", "--yes")


def test_what_agrees_is_left_as_it_is_whatever_else_its_name_says(exported: Project) -> None:
    exported.picture("cat").rename(exported.images / "train/dog/my favourite.png")
    exported.picture("dog", 1).rename(exported.images / "test/dog/1_elsewhere.png")
    paint(exported, "train/frog/added.png")
    before = files_of(exported)
    assert "nothing to tidy" in run_verb(exported, "tidy", "--yes")
    assert files_of(exported) == before


def test_an_added_picture_stays_in_its_folder_and_loses_a_prefix_of_another_class(exported: Project) -> None:
    paint(exported, "train/dog/2_on the beach.png")
    run_verb(exported, "tidy", "--yes")
    assert (exported.images / "train/dog/1_on the beach.png").exists()


def test_a_picture_moved_and_repainted_is_one_of_its_folder(exported: Project) -> None:
    moved = move(exported.picture("cat"), "dog")
    paint(exported, str(moved.relative_to(exported.images)))
    before = label_counts(exported)
    run_verb(exported, "tidy", "--yes")
    assert moved.with_name(f"1{moved.name[1:]}").exists()
    assert label_counts(exported) == before


def test_a_name_that_is_taken_gets_a_number(exported: Project) -> None:
    moved = move(exported.picture("cat"), "dog")
    taken = f"train/dog/1{moved.name[1:]}"
    paint(exported, taken)
    occupant = (exported.images / taken).read_bytes()
    before = label_counts(exported)
    run_verb(exported, "tidy", "--yes")
    assert (exported.images / taken).read_bytes() == occupant
    assert (exported.images / taken.replace(".png", " (2).png")).exists()
    assert label_counts(exported) == before
    assert "nothing to tidy" in run_verb(exported, "tidy", "--yes")


def test_the_place_of_another_exported_picture_is_taken_even_where_that_was_deleted(exported: Project) -> None:
    deleted = exported.picture("dog")
    deleted.unlink()
    paint(exported, f"train/dog/0{deleted.name[1:]}")
    edits = {row["edit"] for row in exported.table("edits.csv")}
    run_verb(exported, "tidy", "--yes")
    assert not deleted.exists(), "it would pass for that picture, repainted"
    assert {row["edit"] for row in exported.table("edits.csv")} == edits == {"added", "deleted"}


def test_copies_stay_as_many_pictures_of_as_many_classes(exported: Project) -> None:
    picture = exported.picture("cat")
    for class_name in ("dog", "frog"):
        shutil.copy(picture, exported.images / "train" / class_name / picture.name)
    before = label_counts(exported)
    assert "3 pictures" not in run_verb(exported, "tidy", "--yes")
    assert label_counts(exported) == before


def test_rejected_files_are_left_alone(exported: Project) -> None:
    (exported.images / "train/dog/0_notes.txt").write_text("no picture")
    assert "nothing to tidy" in run_verb(exported, "tidy", "--yes")
    assert (exported.images / "train/dog/0_notes.txt").exists()


def test_a_conflict_stops_it_with_nothing_touched(exported: Project) -> None:
    move(exported.picture("cat", 1), "frog")
    picture = exported.picture("cat")
    picture.rename(exported.images / "train/dog" / f"2{picture.name[1:]}")
    before = files_of(exported)
    assert "the folder says dog, the name says frog" in refusal_of(exported, "tidy", "--yes")
    assert files_of(exported) == before


def test_a_class_folder_that_is_a_link_is_followed(exported: Project, tmp_path: Path) -> None:
    elsewhere = (exported.images / "train/dog").rename(tmp_path / "dogs elsewhere")
    (exported.images / "train/dog").symlink_to(elsewhere)
    moved = move(exported.picture("cat"), "dog")
    run_verb(exported, "tidy", "--yes")
    assert (elsewhere / f"1{moved.name[1:]}").exists()


def test_a_class_folder_may_be_on_another_disk(exported: Project, other_disk: Path) -> None:
    (exported.images / "train/dog").rename(exported.folder / "dogs")
    shutil.copytree(exported.folder / "dogs", other_disk, dirs_exist_ok=True)
    (exported.images / "train/dog").symlink_to(other_disk)
    picture = exported.picture("cat")
    picture.rename(picture.with_name(f"1{picture.name[1:]}"))
    before = files_of(exported)
    labels = label_counts(exported)
    run_verb(exported, "tidy", "--yes")
    assert (other_disk / f"1{picture.name[1:]}").exists()
    assert label_counts(exported) == labels
    run_verb(exported, "undo", "--yes")
    assert files_of(exported) == before


def test_a_move_to_another_disk_killed_between_copy_and_delete_is_finished(exported: Project, other_disk: Path) -> None:
    shutil.rmtree(exported.images / "train/dog")
    (exported.images / "train/dog").symlink_to(other_disk)
    picture = exported.picture("cat")
    renamed = picture.rename(picture.with_name(f"1{picture.name[1:]}"))
    labels = label_counts(exported)
    run_verb(exported, "tidy", "--yes")
    shutil.copy(other_disk / renamed.name, renamed)
    journal = exported.home / "changes/journal"
    journal.write_text(journal.read_text().removesuffix('{"ended": true}\n'))
    run_verb(exported, "tidy", "--yes")
    assert label_counts(exported) == labels


def test_two_at_once_take_turns(exported: Project) -> None:
    moved = move(exported.picture("cat"), "dog")
    command = [sys.executable, "-m", "pipeline", "tidy", "--yes"]
    with locked(exported.home / "changes", "a test"):
        tidy = subprocess.Popen(command, cwd=exported.write_settings(), stdout=-1, stderr=-1, text=True)
        assert tidy.stderr
        assert "another process is at it; waiting for it to end" in tidy.stderr.readline()
        assert moved.exists()
    tidy.communicate(timeout=60)
    assert tidy.returncode == 0
    assert not moved.exists()


def test_a_deleted_class_folder_is_made_again_where_a_picture_belongs_there(exported: Project) -> None:
    shutil.rmtree(exported.images / "test/dog")
    picture = exported.picture("cat", subset="test")
    picture.rename(picture.with_name(f"1{picture.name[1:]}"))
    run_verb(exported, "tidy", "--yes")
    assert (exported.images / f"test/dog/1{picture.name[1:]}").exists()


def test_a_folder_that_may_not_be_written_to_stops_it_with_nothing_touched(exported: Project) -> None:
    move(exported.picture("frog"), "cat")
    picture = exported.picture("cat")
    picture.rename(picture.with_name(f"1{picture.name[1:]}"))
    before = files_of(exported)
    (exported.images / "train/dog").chmod(0o555)
    message = by_ordinary_user(lambda: refusal_of(exported, "tidy", "--yes"))
    (exported.images / "train/dog").chmod(0o755)
    assert "train/dog: you may not change what is in this folder; nothing was touched" in message
    assert files_of(exported) == before


def test_a_name_too_long_for_another_number_is_left_alone_and_said(exported: Project) -> None:
    for label in "01":
        paint(exported, f"train/dog/{label}_{'x' * 249}.png")
    assert "shorten it" in run_verb(exported, "tidy", "--yes")


def test_all_that_would_be_done_is_listed_and_twenty_lines_of_what_was_done(exported: Project) -> None:
    for number in range(25):
        paint(exported, f"train/dog/0_{number}.png", f"#0000{number:02}")
    printed = run_verb(exported, "tidy")
    assert "would move 25 pictures" in printed
    assert printed.count(" -> ") == 25
    printed = run_verb(exported, "tidy", "--yes")
    assert printed.count(" -> ") == 20
    assert "and 5 more" in printed


def test_a_name_with_a_line_break_and_a_byte_that_is_no_letter_comes_back_from_the_journal(exported: Project) -> None:
    name = os.fsdecode(b'train/dog/0_a,"\n\xff.png')
    paint(exported, name)
    before = files_of(exported)
    run_verb(exported, "tidy", "--yes")
    assert files_of(exported) != before
    run_verb(exported, "undo", "--yes")
    assert files_of(exported) == before


def test_status_still_names_what_changed_since_the_index(exported: Project) -> None:
    moved = move(exported.picture("cat"), "dog")
    run_verb(exported, "tidy")
    assert f"train/dog/{moved.name}" in run_verb(exported, "status", "IndexImages", "--dataset", "tiny")


def test_without_a_name_every_exported_data_set_is_tidied(exported: Project) -> None:
    exported.settings["dataset:other"] = exported.settings["dataset:tiny"]
    with_other = Project(exported.folder, Path())
    with_other.settings = exported.settings
    shutil.copytree(exported.home, exported.home.with_name("other"), symlinks=True)
    move(exported.picture("cat"), "dog")
    printed = run_verb(exported, "tidy")
    assert "other: nothing to tidy" in printed
    assert "tiny: tidy would move 1 picture" in printed
    assert "say which data set with --dataset NAME; exported are other, tiny" in refusal_of(exported, "undo")


def test_a_data_set_that_cannot_be_tidied_does_not_stop_the_others(exported: Project) -> None:
    move(exported.picture("cat"), "dog")
    for name in ("another", "zoo"):
        exported.settings[f"dataset:{name}"] = exported.settings["dataset:tiny"]
        shutil.copytree(exported.home, exported.home.with_name(name), symlinks=True)
    shutil.rmtree(exported.home / "images")
    command = [sys.executable, "-m", "pipeline", "tidy", "--yes"]
    run = subprocess.run(command, cwd=exported.write_settings(), capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "another: 1 picture moved" in run.stdout
    assert "zoo: 1 picture moved" in run.stdout
    assert run.stderr.startswith("error: tiny: ")
    assert "holds no pictures" in run.stderr


def test_a_misspelt_option_is_answered_with_those_there_are(exported: Project) -> None:
    message = refusal_of(exported, "tidy", "--yess")
    assert "did you mean '--yes'?\n" in message
    for option in ("--cifar-archives PATH", "--dataset NAME", "--paths-workspace FOLDER", "--yes"):
        assert f"[{option}]" in message
    assert refusal_of(exported, "status", "FullReport", "--datasett=tiny").endswith(
        "`python -m pipeline status --help` explains the options"
    )


def test_what_was_never_exported_and_what_is_half_exported_is_refused(project: Project) -> None:
    assert "holds no exported data set yet" in refusal_of(project, "tidy")
    assert "tiny was never exported" in refusal_of(project, "tidy", "--dataset", "tiny")
    assert "did you mean 'tiny'" in refusal_of(project, "tidy", "--dataset", "tyni")
    project.build(pipeline.IndexImages)
    (project.home / "export/journal").write_text("begun True\n")
    assert "an export into it was stopped" in refusal_of(project, "tidy", "--yes")
