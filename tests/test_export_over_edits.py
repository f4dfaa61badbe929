"""An export with other settings, into folders that a person has edited: what becomes of every kind of edit and file."""

import shutil
from pathlib import Path

import pytest
from conftest import Project
from PIL import Image

import pipeline
from datasets.reexport.folder_state import OurFile
from datasets.reexport.move_journal import MoveJournal
from datasets.reexport.plan import ReexportPlan, in_safe_order
from datasets.tables import read_rows

pytestmark = pytest.mark.slow

pytest_plugins = ("disks",)


def export_other(project: Project, classes: str) -> dict[str, str]:
    """Exports these classes; returns every picture's class by its path."""
    project.settings["dataset:tiny"]["classes"] = classes
    return {row["path"]: row["class"] for row in project.table("index.csv")}


def edits(project: Project) -> list[str]:
    return [row["words"] for row in project.table("edits.csv")]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_class_more_keeps_what_was_moved_deleted_added_and_repainted(exported: Project) -> None:
    moved, gone, painted = exported.picture("cat"), exported.picture("dog"), exported.picture("frog")
    moved.rename(exported.images / "train/dog" / moved.name)
    gone.unlink()
    Image.new("RGB", (32, 32), "red").save(painted)
    Image.new("RGB", (32, 32), "blue").save(exported.images / "train/cat/mine.png")
    before = edits(exported)
    content = painted.read_bytes()
    export_other(exported, "cat,dog,frog,bird")
    assert edits(exported) == before
    assert painted.read_bytes() == content
    assert (exported.images / "train/bird").is_dir()


def test_another_order_renames_what_was_exported_and_keeps_what_it_counts_as(exported: Project) -> None:
    moved, relabelled = exported.picture("cat"), exported.picture("frog")
    moved.rename(exported.images / "train/dog" / moved.name)
    relabelled.rename(relabelled.with_name("1" + relabelled.name[1:]))
    found = export_other(exported, "frog,dog,cat")
    assert found[f"train/dog/2{moved.name[1:]}"] == "dog"
    assert found[f"train/dog/1{relabelled.name[1:]}"] == "dog"
    assert len(edits(exported)) == 2


def test_a_name_that_agrees_with_its_folder_still_does_under_another_order(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.rename(exported.images / "train/frog" / f"2{picture.name[1:]}")
    assert export_other(exported, "frog,dog,cat")[f"train/frog/0{picture.name[1:]}"] == "frog"
    shutil.rmtree(exported.images)
    assert exported.table("edits.csv")[0]["path"] == f"train/frog/0{picture.name[1:]}"


def test_a_picture_moved_to_a_class_that_goes_waits_for_it_and_is_no_cat_meanwhile(exported: Project) -> None:
    moved = exported.picture("cat")
    number = moved.name[1:]
    moved.rename(exported.images / "train/dog" / moved.name)
    assert not [path for path in export_other(exported, "cat,frog") if path.endswith(number)]
    assert export_other(exported, "cat,frog,dog")[f"train/dog/0{number}"] == "dog"


def test_a_picture_moved_out_of_a_class_that_goes_stays_what_it_was_made(exported: Project) -> None:
    moved = exported.picture("dog")
    number = moved.name[1:]
    moved.rename(exported.images / "train/cat" / moved.name)
    found = export_other(exported, "cat,frog")
    assert [name for path, name in found.items() if path.endswith(number)] == ["cat"]
    assert export_other(exported, "cat,frog,dog")[f"train/cat/2{number}"] == "cat"
    assert len(edits(exported)) == 1


def test_files_of_the_users_in_a_class_that_goes_are_set_aside_and_come_back(exported: Project) -> None:
    added, notes, painted = (exported.images / "train/dog" / name for name in ("mine.png", "notes.txt", ""))
    Image.new("RGB", (32, 32), "red").save(added)
    notes.write_text("mine")
    painted = exported.picture("dog", 2)
    Image.new("RGB", (32, 32), "blue").save(painted)
    mine = {path.name: path.read_bytes() for path in (added, notes, painted)}
    export_other(exported, "cat,frog")
    aside = tree(exported.home / "aside")
    assert {name.rpartition("/")[2]: content for name, content in aside.items()} == mine
    found = export_other(exported, "cat,dog,frog")
    assert found["train/dog/mine.png"] == "dog"
    assert {name: (exported.images / "train/dog" / name).read_bytes() for name in mine} == mine
    assert sorted(words.partition(": ")[2] for words in edits(exported)) == ["added as dog", "repainted"]
    assert tree(exported.home / "aside") == {}


def test_an_added_file_that_bears_the_name_of_a_picture_to_come_makes_room(exported: Project) -> None:
    added = exported.images / "train/cat/1_00.png"
    Image.new("RGB", (32, 32), "red").save(added)
    content = added.read_bytes()
    found = export_other(exported, "dog,cat,frog")
    assert (exported.images / "train/cat/1_00 (2).png").read_bytes() == content
    assert found["train/cat/1_00 (2).png"] == found["train/cat/1_00.png"] == "cat"


def test_a_conflict_stops_the_export_and_nothing_is_touched(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.rename(exported.images / "train/dog" / f"2{picture.name[1:]}")
    before = tree(exported.images)
    exported.settings["dataset:tiny"]["classes"] = "frog,cat,dog"
    assert "the folder says dog, the name says frog" in exported.error(pipeline.IndexImages)
    assert tree(exported.images) == before


def test_a_folder_made_for_a_class_to_come_is_taken_when_the_class_is_declared(exported: Project) -> None:
    picture = exported.picture("cat")
    (exported.images / "train/bird").mkdir()
    picture.rename(exported.images / "train/bird" / picture.name)
    assert "images/train/bird" in exported.error(pipeline.IndexImages)
    assert export_other(exported, "cat,dog,frog,bird")[f"train/bird/{picture.name}"] == "bird"


def test_another_source_under_the_same_name_leaves_the_users_files(exported: Project) -> None:
    moved = exported.picture("cat")
    content = moved.read_bytes()
    moved.rename(exported.images / "train/dog" / moved.name)
    exported.settings["dataset:tiny"] = {"source": "sample"}
    exported.table("index.csv")
    assert tree(exported.home / "aside") == {f"train/dog/{moved.name}": content}
    assert len(list(exported.images.rglob("*.png"))) == 1500


def test_moves_wait_for_room_and_a_ring_of_them_is_opened() -> None:
    assert in_safe_order([("a", "b"), ("b", "c")]) == [("b", "c"), ("a", "b")]
    files = {"a": 1, "b": 2, "c": 3}
    for path, target in in_safe_order([("a", "b"), ("b", "c"), ("c", "a")]):
        assert target not in files
        files[target] = files.pop(path)
    assert files == {"b": 1, "c": 2, "a": 3}


@pytest.fixture
def pets(project: Project) -> Path:
    """A source of fifteen photos in class folders, exported small."""
    root = project.folder / "pets"
    for shade, name in enumerate(("cat", "dog", "frog")):
        (root / name).mkdir(parents=True)
        for number in range(10, 15):
            Image.new("RGB", (40, 30), (shade * 80, number, 0)).save(root / name / f"{number}.png")
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(root), "size": "16", "val_fraction": "0.2"}
    project.build(pipeline.IndexImages)
    return root


def classes_by_file(project: Project) -> dict[str, str]:
    """The class of every exported picture that is there, by its file in the source."""
    rows = project.table("index.csv")
    files = {int(row[0]): row[1] for row in read_rows(project.home / "latest/export/files.csv")}
    return {files[int(row["number"])]: row["class"] for row in rows if row["number"]}


def test_a_larger_size_makes_moved_pictures_larger_and_leaves_painted_ones(project: Project, pets: Path) -> None:
    moved, gone, painted = project.picture("cat"), project.picture("cat", 1), project.picture("dog", 1)
    moved.rename(project.images / "train/dog" / moved.name)
    gone.unlink()
    Image.new("RGB", (16, 16), "red").save(painted)
    before = classes_by_file(project)
    words = edits(project)
    project.settings["dataset:tiny"]["size"] = "24"
    assert classes_by_file(project) == before
    assert edits(project) == words
    assert Image.open(project.images / "train/dog" / moved.name).size == (24, 24)
    assert Image.open(painted).size == (16, 16)


def test_edits_stay_with_their_pictures_when_files_join_and_leave_the_source(project: Project, pets: Path) -> None:
    moved, gone, painted = project.picture("cat", 2), project.picture("dog", 1), project.picture("frog", 3)
    moved.rename(project.images / "train/dog" / moved.name)
    gone.unlink()
    Image.new("RGB", (16, 16), "red").save(painted)
    before = classes_by_file(project)
    assert before["cat/12.png"] == "dog"
    for name in ("cat/1.png", "cat/2.png", "frog/9.png"):
        Image.new("RGB", (30, 40), "white").save(pets / name)
    (pets / "dog/14.png").unlink()
    after = classes_by_file(project)
    assert after == {file: name for file, name in before.items() if file != "dog/14.png"} | {
        "cat/1.png": "cat",
        "cat/2.png": "cat",
        "frog/9.png": "frog",
    }
    assert sorted(row["edit"] for row in project.table("edits.csv")) == ["deleted", "moved", "repainted"]


def test_a_moved_picture_whose_file_left_the_source_is_the_users_now(project: Project, pets: Path) -> None:
    moved = project.picture("cat", 2)
    content = moved.read_bytes()
    moved.rename(project.images / "train/dog" / moved.name)
    project.table("index.csv")
    (pets / "cat/12.png").unlink()
    assert [row["words"] for row in project.table("edits.csv")] == [f"train/dog/{moved.name}: added as dog"]
    assert (project.images / "train/dog" / moved.name).read_bytes() == content


def test_a_moved_picture_whose_source_broke_is_the_users_now(project: Project, pets: Path) -> None:
    moved = project.picture("cat", 2)
    content = moved.read_bytes()
    moved.rename(project.images / "train/dog" / moved.name)
    (pets / "cat/12.png").write_bytes(b"")
    assert classes_by_file(project).get("cat/12.png") is None
    assert (project.images / "train/dog" / moved.name).read_bytes() == content
    assert [row["path"] for row in project.table("rejected.csv")] == ["cat/12.png"]


def test_a_source_of_no_pictures_is_told_with_the_reasons(project: Project, pets: Path) -> None:
    for file in pets.rglob("*.png"):
        file.write_bytes(b"text")
    project.settings["dataset:tiny"]["size"] = "20"
    assert "cat/10.png: the file is not a picture" in project.error(pipeline.IndexImages)


def test_lost_results_and_another_order_swap_no_labels(exported: Project) -> None:
    shutil.rmtree(exported.home / "latest")
    found = export_other(exported, "dog,cat,frog")
    assert edits(exported) == []
    assert found["train/cat/1_00.png"] == "cat"


def test_where_nothing_says_what_was_exported_other_settings_stop(exported: Project) -> None:
    shutil.rmtree(exported.home / "latest")
    shutil.rmtree(exported.home / "export")
    before = tree(exported.images)
    exported.settings["dataset:tiny"]["classes"] = "dog,cat,frog"
    assert "no longer known" in exported.error(pipeline.IndexImages)
    assert tree(exported.images) == before
    exported.settings["dataset:tiny"]["classes"] = "cat,dog,frog"
    assert exported.table("edits.csv") == []


def test_a_picture_edited_since_room_was_planned_is_not_withdrawn(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "edited.png").write_bytes(b"mine")
    moves = MoveJournal(tmp_path)
    moves.begin(ReexportPlan(withdrawn=[OurFile("edited.png", "0" * 64, "cifar10:1", "train/cat")]))
    moves.carry_out()
    assert (tmp_path / "edited.png").read_bytes() == b"mine"


def test_files_on_another_disk_are_set_aside_once_whenever_it_is_killed(exported: Project, other_disk: Path) -> None:
    folder = exported.images / "train/dog"
    shutil.move(folder, other_disk / "dog")
    folder.symlink_to(other_disk / "dog")
    Image.new("RGB", (32, 32), "red").save(folder / "mine.png")
    (folder / "notes").mkdir()
    (folder / "notes/a.txt").write_text("mine")
    half_done = exported.home / "aside/train/dog/mine.png"
    half_done.parent.mkdir(parents=True)
    moves = MoveJournal(exported.home)
    moves.begin(
        ReexportPlan(moves=[(f"images/train/dog/{name}", f"aside/train/dog/{name}") for name in ("mine.png", "notes")])
    )
    shutil.copy(folder / "mine.png", half_done)
    moves.carry_out()
    assert set(tree(exported.home / "aside")) == {"train/dog/mine.png", "train/dog/notes/a.txt"}
    assert not (folder / "mine.png").exists()
    assert not (folder / "notes").exists()
