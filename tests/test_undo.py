"""Tests `undo`: it takes the last change back, in whatever state the folders are."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CLASSES, Project
from ordinary_user import by_ordinary_user
from verb_runs import content_counts, files_of, label_counts, paint, refusal_of, run_verb

import pipeline
from datasets.curation.change_journal import Move
from datasets.curation.changes import carry_out, change_journal


def tidied(project: Project) -> tuple[Path, Path]:
    """Tidies one moved picture. Returns where it lay before, and where it lies now."""
    picture = project.picture("cat")
    before = picture.rename(project.images / "train/dog" / picture.name)
    run_verb(project, "tidy", "--yes")
    return before, before.with_name(f"1{before.name[1:]}")


def test_without_yes_it_says_what_it_would_do_and_touches_nothing(exported: Project) -> None:
    old, new = tidied(exported)
    printed = run_verb(exported, "undo")
    assert f"train/dog/{new.name} -> train/dog/{old.name}" in printed
    assert "Nothing was changed. Add --yes to do it" in printed
    assert new.exists()


def test_each_undo_goes_one_further_back(exported: Project) -> None:
    untidy = files_of(exported)
    first, _ = tidied(exported)
    between = files_of(exported)
    second, _ = tidied(exported)
    assert "the next undo takes back tidy" in run_verb(exported, "undo", "--yes")
    assert second.exists()
    second.rename(exported.images / "train/cat" / second.name)
    assert files_of(exported) == between
    run_verb(exported, "undo", "--yes")
    first.rename(exported.images / "train/cat" / first.name)
    assert files_of(exported) == untidy
    assert "nothing to undo" in run_verb(exported, "undo", "--yes")


def test_pictures_in_a_closed_folder_are_not_taken_for_gone(exported: Project) -> None:
    old, new = tidied(exported)
    new.parent.chmod(0)
    try:
        message = by_ordinary_user(lambda: refusal_of(exported, "undo", "--yes"))
    finally:
        new.parent.chmod(0o755)
    assert "train/dog: this folder cannot be read" in message
    run_verb(exported, "undo", "--yes")
    assert old.exists()


def test_a_picture_moved_on_since_is_found_by_its_content(exported: Project) -> None:
    old, new = tidied(exported)
    new.rename(exported.images / "test/frog/moved on.png")
    run_verb(exported, "undo", "--yes")
    assert old.exists()
    assert not (exported.images / "test/frog/moved on.png").exists()


def test_a_copy_that_lay_there_before_is_not_taken_for_it(exported: Project) -> None:
    copy = exported.images / "test/frog/copy.png"
    shutil.copy(exported.picture("cat"), copy)
    _, new = tidied(exported)
    new.unlink()
    assert "it is gone" in run_verb(exported, "undo", "--yes")
    assert copy.exists()


def test_a_picture_repainted_since_is_left_alone_and_said(exported: Project) -> None:
    old, new = tidied(exported)
    paint(exported, f"train/dog/{new.name}")
    assert f"train/dog/{new.name}: it was repainted, or is gone" in run_verb(exported, "undo", "--yes")
    assert new.exists()
    assert not old.exists()


def test_an_old_place_that_is_taken_is_left_alone_and_said(exported: Project) -> None:
    old, _ = tidied(exported)
    paint(exported, f"train/dog/{old.name}")
    before = files_of(exported)
    assert f"something else is now at its old place train/dog/{old.name}" in run_verb(exported, "undo", "--yes")
    assert files_of(exported) == before


def test_what_is_back_already_is_counted(exported: Project) -> None:
    old, new = tidied(exported)
    new.rename(old)
    assert "1 picture already as they should be" in run_verb(exported, "undo", "--yes")
    assert "nothing to undo" in run_verb(exported, "undo")


def test_it_works_where_the_index_stops_at_a_conflict(exported: Project) -> None:
    old, _ = tidied(exported)
    picture = exported.picture("cat")
    picture.rename(exported.images / "train/dog" / f"2{picture.name[1:]}")
    assert "the name says frog" in refusal_of(exported, "tidy")
    run_verb(exported, "undo", "--yes")
    assert old.exists()


def test_what_undo_could_not_finish_is_taken_back_by_the_next(exported: Project) -> None:
    old, new = tidied(exported)
    journal = change_journal(exported.home)
    journal.begin("undo", CLASSES, "", undoes=1)
    journal.add([journal.actions()[0].moves[0]])
    with (exported.home / "changes/journal").open("a") as file:
        file.write('{"moves": [["images/trai')
    run_verb(exported, "undo", "--yes")
    assert old.exists()
    assert not new.exists()
    assert "nothing to undo" in run_verb(exported, "undo")


@pytest.mark.slow
def test_a_killed_tidy_is_completed_by_the_next_and_taken_back_whole(exported: Project) -> None:
    frogs = exported.images / "train/frog"
    for number in range(3000):
        (frogs / f"0_{number}.png").write_bytes(b"")
    pixels = [exported.picture("cat", 1).read_bytes() + number.to_bytes(2) for number in range(3000)]
    for number, content in enumerate(pixels):
        (frogs / f"0_{number}.png").write_bytes(content)
    before, labels = files_of(exported), label_counts(exported)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "tidy", "--yes"], cwd=exported.write_settings(), stdout=subprocess.DEVNULL
    )
    while not (frogs / "2_1000.png").exists() and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.wait()
    moved = len(list(frogs.glob("2_*.png")))
    assert label_counts(exported) == labels
    assert "nothing to tidy" not in run_verb(exported, "tidy", "--yes"), f"{moved} were moved before the kill"
    assert label_counts(exported) == labels
    run_verb(exported, "undo", "--yes")
    run_verb(exported, "undo", "--yes")
    assert files_of(exported) == before


def test_names_that_would_mean_other_classes_now_are_not_brought_back(exported: Project) -> None:
    tidied(exported)
    facts = (exported.home / "latest/export/source.json").resolve()
    facts.write_text(facts.read_text().replace('"cat"', '"_"').replace('"dog"', '"cat"').replace('"_"', '"dog"'))
    assert "back as they were then (classes cat, dog, frog)" in refusal_of(exported, "undo", "--yes")


def test_an_action_of_another_export_waits_until_that_is_back(exported: Project) -> None:
    source = shutil.copytree(exported.images, exported.folder / "source")
    shutil.rmtree(exported.home)
    exported.settings["dataset:tiny"] |= {"source": "folder", "path": str(source), "size": "32"}
    exported.build(pipeline.IndexImages)
    old, new = tidied(exported)
    exported.settings["dataset:tiny"]["size"] = "40"
    exported.build(pipeline.IndexImages)
    before = files_of(exported)
    message = refusal_of(exported, "undo", "--yes")
    assert "was made on another export than today's" in message
    assert "`restore PATH` brings single pictures back" in message
    assert message.endswith("changes/kept/1")
    assert files_of(exported) == before
    exported.settings["dataset:tiny"]["size"] = "32"
    exported.build(pipeline.IndexImages)
    run_verb(exported, "undo", "--yes")
    assert (old.exists(), new.exists()) == (True, False)


def test_a_journal_that_notes_no_export_is_taken_for_one_of_today(exported: Project) -> None:
    old, _ = tidied(exported)
    journal = exported.home / "changes/journal"
    journal.write_text(re.sub(r', "export_digest": "\w+"', "", journal.read_text()))
    assert "export_digest" not in journal.read_text()
    run_verb(exported, "undo", "--yes")
    assert old.exists()


def test_an_action_that_only_waits_for_room_is_not_used_up(exported: Project) -> None:
    old, new = tidied(exported)
    old.write_bytes(b"in the way")
    assert "tidy is still the next to undo" in run_verb(exported, "undo", "--yes")
    old.unlink()
    run_verb(exported, "undo", "--yes")
    assert old.exists()
    assert not new.exists()


def test_pictures_gone_for_good_do_not_bar_the_way_to_earlier_actions(exported: Project) -> None:
    old, new = tidied(exported)
    other = exported.picture("frog")
    moved = other.rename(exported.images / "train/cat" / other.name)
    run_verb(exported, "tidy", "--yes")
    moved.with_name(f"0{other.name[1:]}").unlink()
    assert "it is gone" in run_verb(exported, "undo", "--yes")
    run_verb(exported, "undo", "--yes")
    assert old.exists()
    assert not new.exists()


def test_an_undo_of_which_every_move_is_missed_takes_nothing_back(exported: Project) -> None:
    tidied(exported)
    went = Move("images/train/dog/went.png", "images/train/cat/went.png", "0")
    assert carry_out(exported.home, "undo", CLASSES, "", [went], undoes=1) == [f"{went.source}: has gone by now"]
    assert [action.number for action in change_journal(exported.home).to_undo()] == [1]


def test_a_kept_picture_that_cannot_go_back_is_told_with_its_place(exported: Project) -> None:
    rows = [(exported.picture("cat", number), exported.picture("cat", number).read_bytes()) for number in range(2)]
    table = exported.folder / "edits.csv"
    lines = [f"deleted,,train/cat/{p.name},cat,,{hashlib.sha256(content).hexdigest()}\n" for p, content in rows]
    table.write_text("edit,path,exported_path,was,now,sha256\n" + "".join(lines))
    run_verb(exported, "apply", str(table), "--yes")
    (taken, _), (free, content) = rows
    paint(exported, f"train/cat/{taken.name}")
    kept = exported.home / "changes/kept/1/removed/train/cat" / taken.name
    printed = run_verb(exported, "undo", "--yes")
    assert "1 picture brought back" in printed
    assert f"{kept} keeps it: something else is now at its old place train/cat/{taken.name}" in printed
    assert free.read_bytes() == content
    assert "nothing to undo" in run_verb(exported, "undo")


@pytest.mark.parametrize("lost", [0, 1])
def test_of_copies_moved_together_each_goes_back_to_its_own_place(exported: Project, lost: int) -> None:
    picture = exported.picture("cat")
    olds = [exported.images / "train/dog" / name for name in ("0_first.png", "0_second.png")]
    for old in olds:
        shutil.copy(picture, old)
    picture.unlink()
    run_verb(exported, "tidy", "--yes")
    news = [old.with_name(f"1{old.name[1:]}") for old in olds]
    news[lost].unlink()
    assert f"train/dog/{news[lost].name}: it is gone" in run_verb(exported, "undo", "--yes")
    assert [old.exists() for old in olds] == [lost == 1, lost == 0]


def test_old_results_are_pruned_and_what_was_kept_never(exported: Project) -> None:
    picture = exported.picture("cat")
    paint(exported, f"train/cat/{picture.name}")
    run_verb(exported, "restore", f"train/cat/{picture.name}", "--yes")
    (exported.home / "changes/kept/1/old.partial").mkdir()
    before = content_counts(exported)
    run_verb(exported, "prune", "--yes")
    assert content_counts(exported) == before
    assert (exported.home / "changes/kept/1/old.partial").exists()


def note_action(project: Project, action: dict[str, object], *moves: list[object]) -> None:
    """Writes a journal with one action that ended."""
    head = {"number": 1, "verb": "tidy", "began": "today", "classes": list(CLASSES), "undoes": None}
    records = [{"action": head | action}, {"moves": moves}, {"ended": True}]
    (project.home / "changes").mkdir(exist_ok=True)
    (project.home / "changes/journal").write_text("".join(f"{json.dumps(record)}\n" for record in records))


PLACES = ["images/train/dog/0_00.png", "images/train/dog/1_00.png"]


@pytest.mark.parametrize(
    ("action", "move"),
    [
        ({"number": "one"}, [*PLACES, "a hash"]),
        ({"classes": 3}, [*PLACES, "a hash"]),
        ({"classes": [3]}, [*PLACES, "a hash"]),
        ({"undoes": [1]}, [*PLACES, "a hash"]),
        ({"verb": None}, [*PLACES, "a hash"]),
        ({}, [*PLACES, ["a hash"]]),
        ({}, [*PLACES, "a hash", 7]),
        ({}, [7, 7, "a hash"]),
        ({}, [PLACES[0]]),
    ],
)
def test_a_journal_that_holds_other_things_than_it_should_is_told_as_damaged_and_what_was_kept_stays(
    exported: Project, action: dict[str, object], move: list[object]
) -> None:
    kept = exported.home / "changes/kept/1/removed/a.png"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"what was kept")
    note_action(exported, action, move)
    for verb in (("undo",), ("undo", "--yes")):
        message = refusal_of(exported, *verb)
        assert message.startswith(f"{exported.home / 'changes/journal'} is damaged")
        assert message.count("is damaged") == 1
        assert "Move it away" in message
    assert kept.read_bytes() == b"what was kept"


def test_an_action_that_an_older_version_noted_is_taken_back_and_its_copies_stay(exported: Project) -> None:
    picture = exported.picture("cat")
    new, copy = exported.images / "train/dog/1_00.png", exported.images / "test/frog/copy.png"
    taken = exported.picture("dog")
    sha256 = hashlib.sha256(picture.read_bytes()).hexdigest()
    taken.unlink()
    shutil.copy(picture, copy)
    picture.rename(new)
    source, target = (f"images/{file.relative_to(exported.images)}" for file in (picture, new))
    note_action(exported, {}, [source, target, sha256, ["images/test/frog/copy.png"]])
    new.unlink()
    assert "it is gone" in run_verb(exported, "undo")
    shutil.copy(copy, new)
    run_verb(exported, "undo", "--yes")
    assert picture.exists()
    assert copy.exists()


def test_the_journal_of_many_pictures_alike_stays_small(exported: Project) -> None:
    for number in range(600):
        shutil.copy(exported.picture("cat"), exported.images / f"train/dog/2_{number:03}.png")
    before = files_of(exported)
    run_verb(exported, "tidy", "--yes")
    assert (exported.home / "changes/journal").stat().st_size < 600 * 600
    run_verb(exported, "undo", "--yes")
    assert files_of(exported) == before
