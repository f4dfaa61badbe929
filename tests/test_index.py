"""The index of the folders: it lists every edit and every file that is no picture, and guesses nothing."""

import shutil
from pathlib import Path

from conftest import Project
from PIL import Image

import pipeline


def edits(project: Project) -> list[tuple[str, str, str]]:
    return [(row["edit"], row["was"], row["now"]) for row in project.table("edits.csv")]


def labels(project: Project) -> dict[str, str]:
    return {row["path"]: row["class"] for row in project.table("index.csv")}


def test_untouched_folders_have_no_edits(exported: Project) -> None:
    assert edits(exported) == []
    assert len(exported.table("index.csv")) == 36


def test_a_moved_picture_is_relabelled(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.rename(exported.images / "train/dog" / picture.name)
    assert edits(exported) == [("moved", "cat", "dog")]
    row = next(row for row in exported.table("index.csv") if row["class"] != row["exported_path"].split("/")[1])
    assert (row["label"], row["class"], row["exported_path"]) == ("1", "dog", f"train/cat/{picture.name}")


def test_a_changed_prefix_relabels_in_place(exported: Project) -> None:
    picture = exported.picture("cat")
    renamed = picture.rename(picture.with_name("2" + picture.name[1:]))
    assert labels(exported)[f"train/cat/{renamed.name}"] == "frog"


def test_folder_and_prefix_changed_alike_agree(exported: Project) -> None:
    picture = exported.picture("cat")
    moved = picture.rename(exported.images / "train/frog" / ("2" + picture.name[1:]))
    assert labels(exported)[f"train/frog/{moved.name}"] == "frog"


def test_folder_and_prefix_changed_differently_stop_the_run_and_touch_nothing(exported: Project) -> None:
    picture = exported.picture("cat")
    moved = picture.rename(exported.images / "train/dog" / ("2" + picture.name[1:]))
    message = exported.error(pipeline.IndexImages)
    assert f"train/dog/{moved.name}: the folder says dog, the name says frog; exported as cat" in message
    assert moved.exists()


def test_a_deleted_picture_is_dropped_and_listed(exported: Project) -> None:
    picture = exported.picture("frog")
    picture.unlink()
    assert edits(exported) == [("deleted", "frog", "")]
    assert [row["path"] for row in exported.table("removed.csv")] == [f"train/frog/{picture.name}"]
    assert len(exported.table("index.csv")) == 35


def test_an_added_picture_needs_no_prefix(exported: Project) -> None:
    Image.new("RGB", (32, 32), "red").save(exported.images / 'train/dog/my dog, "the" 1st.png')
    assert edits(exported) == [("added", "", "dog")]
    row = exported.table("index.csv")[-1]
    assert (row["class"], row["number"], row["exported_path"]) == ("dog", "", "")


def test_a_repainted_picture_keeps_its_label_and_number(exported: Project) -> None:
    picture = exported.picture("dog")
    Image.new("RGB", (32, 32), "red").save(picture)
    assert edits(exported) == [("repainted", "dog", "dog")]
    row = next(row for row in exported.table("index.csv") if row["path"] == f"train/dog/{picture.name}")
    assert row["number"] != ""


def test_a_copy_is_an_added_picture_and_the_original_stays_what_it_was(exported: Project) -> None:
    picture = exported.picture("cat")
    shutil.copy(picture, exported.images / "train/dog/copy.png")
    assert edits(exported) == [("added", "", "dog")]
    assert labels(exported)[f"train/cat/{picture.name}"] == "cat"


def test_a_relabelled_picture_and_its_copy_are_not_taken_for_each_other(exported: Project) -> None:
    picture = exported.picture("cat")
    shutil.copy(picture, exported.images / "train/cat" / f"{picture.stem} copy.png")
    relabelled = picture.rename(picture.with_name(f"1{picture.name[1:]}"))
    found = labels(exported)
    assert found[f"train/cat/{relabelled.name}"] == "dog"
    assert found[f"train/cat/{picture.stem} copy.png"] == "cat"


def test_a_picture_moved_to_test_is_a_test_picture(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.rename(exported.images / "test/cat" / picture.name)
    assert "train to test" in exported.table("edits.csv")[0]["words"]
    assert exported.table("index.csv")[0]["subset"] == "test"


def test_two_pictures_that_swap_names_swap_labels(exported: Project) -> None:
    cat, dog = exported.picture("cat"), exported.picture("dog")
    cats, dogs = cat.read_bytes(), dog.read_bytes()
    cat.write_bytes(dogs)
    dog.write_bytes(cats)
    rows = {row["path"]: row for row in exported.table("index.csv")}
    assert rows[f"train/cat/{cat.name}"]["exported_path"] == f"train/dog/{dog.name}"
    assert rows[f"train/cat/{cat.name}"]["class"] == "cat"


def test_a_class_folder_nobody_declared_stops_the_run_and_names_the_nearest(exported: Project) -> None:
    (exported.images / "train/dgo").mkdir()
    shutil.copy(exported.picture("dog"), exported.images / "train/dgo/new.png")
    message = exported.error(pipeline.IndexImages)
    assert "images/train/dgo" in message
    assert "did you mean 'dog'" in message


def test_a_deleted_class_folder_is_all_of_its_pictures_deleted(exported: Project) -> None:
    shutil.rmtree(exported.images / "train/frog")
    assert set(edits(exported)) == {("deleted", "frog", "")}
    assert len(exported.table("removed.csv")) == 10
    assert "frog: 2 pictures, of which none trains, none validates, 2 test" in exported.error(pipeline.SplitImages)


def test_a_renamed_class_folder_stops_the_run_and_is_known_again(exported: Project) -> None:
    (exported.images / "train/frog").rename(exported.images / "train/toad")
    message = exported.error(pipeline.IndexImages)
    assert "images/train/toad" in message
    assert "It holds 10 of the pictures exported as frog" in message


def test_a_class_folder_under_the_name_of_another_class_moves_all_of_it(exported: Project) -> None:
    shutil.rmtree(exported.images / "train/dog")
    (exported.images / "train/frog").rename(exported.images / "train/dog")
    assert edits(exported).count(("moved", "frog", "dog")) == 10


def test_every_conflict_is_named_however_many_there_are(exported: Project) -> None:
    pictures = sorted((exported.images / "train/cat").glob("*.png"))
    for picture in pictures:
        picture.rename(exported.images / "train/dog" / f"2{picture.name[1:]}")
    message = exported.error(pipeline.IndexImages)
    assert all(f"train/dog/2{picture.name[1:]}: the folder says dog" in message for picture in pictures)


def test_a_class_folder_may_be_a_link(exported: Project, tmp_path: Path) -> None:
    elsewhere = (exported.images / "train/cat").rename(tmp_path / "cats elsewhere")
    (exported.images / "train/cat").symlink_to(elsewhere)
    assert edits(exported) == []
