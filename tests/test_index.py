"""What the index makes of the folders: every edit, every file that is no picture, and no guess."""

import csv
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from PIL import Image

import pipeline


@pytest.fixture
def exported(project: Project) -> Project:
    project.build(pipeline.IndexImages)
    return project


def table(project: Project, name: str) -> list[dict[str, str]]:
    """A table of the index as it is after a run."""
    outcome = project.build(pipeline.IndexImages)
    assert outcome.complete, outcome.ran[-1].error
    with (project.home / "latest/index" / name).open(newline="", errors="surrogateescape") as file:
        return list(csv.DictReader(file))


def edits(project: Project) -> list[tuple[str, str, str]]:
    return [(row["edit"], row["was"], row["now"]) for row in table(project, "edits.csv")]


def labels(project: Project) -> dict[str, str]:
    return {row["path"]: row["class"] for row in table(project, "index.csv")}


def test_untouched_folders_have_no_edits(exported: Project) -> None:
    assert edits(exported) == []
    assert len(table(exported, "index.csv")) == 36


def test_a_moved_picture_is_relabelled(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.rename(exported.images / "train/dog" / picture.name)
    assert edits(exported) == [("moved", "cat", "dog")]
    row = next(row for row in table(exported, "index.csv") if row["class"] != row["exported_path"].split("/")[1])
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
    assert [row["path"] for row in table(exported, "removed.csv")] == [f"train/frog/{picture.name}"]
    assert len(table(exported, "index.csv")) == 35


def test_an_added_picture_needs_no_prefix(exported: Project) -> None:
    Image.new("RGB", (32, 32), "red").save(exported.images / 'train/dog/my dog, "the" 1st.png')
    assert edits(exported) == [("added", "", "dog")]
    row = table(exported, "index.csv")[-1]
    assert (row["class"], row["number"], row["exported_path"]) == ("dog", "", "")


def test_a_repainted_picture_keeps_its_label_and_number(exported: Project) -> None:
    picture = exported.picture("dog")
    Image.new("RGB", (32, 32), "red").save(picture)
    assert edits(exported) == [("repainted", "dog", "dog")]
    row = next(row for row in table(exported, "index.csv") if row["path"] == f"train/dog/{picture.name}")
    assert row["number"] != ""


def test_a_copy_is_an_added_picture_and_the_original_stays_what_it_was(exported: Project) -> None:
    picture = exported.picture("cat")
    shutil.copy(picture, exported.images / "train/dog/copy.png")
    assert edits(exported) == [("added", "", "dog")]
    assert labels(exported)[f"train/cat/{picture.name}"] == "cat"


def test_a_picture_moved_to_test_is_a_test_picture(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.rename(exported.images / "test/cat" / picture.name)
    assert "train to test" in table(exported, "edits.csv")[0]["words"]
    assert table(exported, "index.csv")[0]["subset"] == "test"


def test_two_pictures_that_swap_names_swap_labels(exported: Project) -> None:
    cat, dog = exported.picture("cat"), exported.picture("dog")
    cats, dogs = cat.read_bytes(), dog.read_bytes()
    cat.write_bytes(dogs)
    dog.write_bytes(cats)
    rows = {row["path"]: row for row in table(exported, "index.csv")}
    assert rows[f"train/cat/{cat.name}"]["exported_path"] == f"train/dog/{dog.name}"
    assert rows[f"train/cat/{cat.name}"]["class"] == "cat"


def _greyscale(path: Path) -> None:
    Image.new("L", (32, 32), 128).save(path)


def _sixteen_bits(path: Path) -> None:
    Image.fromarray(np.full((32, 32), 128 * 257, np.uint16)).save(path)


def _palette(path: Path) -> None:
    Image.new("RGB", (32, 32), (128, 128, 128)).quantize(4).save(path)


def _cmyk(path: Path) -> None:
    Image.new("CMYK", (32, 32), (0, 0, 0, 127)).save(path, format="JPEG", quality=100)


def _see_through(path: Path) -> None:
    Image.new("RGBA", (32, 32), (0, 0, 0, 127)).save(path)


@pytest.mark.parametrize("paint", [_greyscale, _sixteen_bits, _palette, _cmyk, _see_through])
def test_pictures_of_every_mode_are_taken_as_rgb(exported: Project, paint: object) -> None:
    path = exported.images / "train/dog/added.png"
    assert callable(paint)
    paint(path)
    assert exported.build(pipeline.PackImages).complete
    with (exported.home / "latest/pack/pictures.csv").open() as rows:
        row = next(row for row in csv.DictReader(rows) if row["path"].endswith("added.png"))
    subset = row["subset"]
    with (exported.home / "latest/pack/pictures.csv").open() as rows:
        position = [r["path"] for r in csv.DictReader(rows) if r["subset"] == subset].index(row["path"])
    pixels = np.load(exported.home / f"latest/pack/{subset}_pixels.npy")[position]
    assert np.abs(pixels.astype(int) - 128).max() <= 2


def _empty(path: Path) -> None:
    path.touch()


def _text(path: Path) -> None:
    path.write_text("notes")


def _truncated(path: Path) -> None:
    Image.effect_noise((32, 32), 50).save(path)
    path.write_bytes(path.read_bytes()[:200])


def _animated(path: Path) -> None:
    frames = [Image.new("L", (32, 32), shade) for shade in (0, 90, 200)]
    frames[0].save(path, format="GIF", save_all=True, append_images=frames[1:])


def _bomb(path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(path)


def _looping_link(path: Path) -> None:
    path.symlink_to(path.name)


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_empty, "empty"),
        (_text, "not a picture"),
        (_truncated, "damaged"),
        (_animated, "animation of 3 frames"),
        (_bomb, "too large"),
        (_looping_link, "link"),
        (_folder, "is a folder"),
    ],
)
def test_what_cannot_be_used_is_rejected_with_the_reason_and_left_where_it_is(
    exported: Project, spoil: object, reason: str
) -> None:
    path = exported.images / "train/dog/spoilt.png"
    assert callable(spoil)
    spoil(path)
    rows = table(exported, "rejected.csv")
    assert [row["path"] for row in rows] == ["train/dog/spoilt.png"]
    assert reason in rows[0]["reason"]
    assert os.path.lexists(path)
    assert len(table(exported, "index.csv")) == 36


@pytest.mark.parametrize(
    "name", ["a b.png", "it's.png", 'say "x".png', "a\nb.png", "naïve 猫.png", "b\udcffc.png", "-x.png"]
)
def test_names_of_any_kind_go_the_whole_way(exported: Project, name: str) -> None:
    Image.new("RGB", (32, 32), "blue").save(exported.images / "train/cat" / name, format="PNG")
    assert exported.build(pipeline.PackImages).complete
    assert table(exported, "index.csv")[-1]["path"] == f"train/cat/{name}"


def test_an_exported_picture_that_went_bad_is_rejected_not_deleted(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.write_bytes(b"")
    assert [row["path"] for row in table(exported, "rejected.csv")] == [f"train/cat/{picture.name}"]
    assert table(exported, "removed.csv") == []


def test_too_many_rejected_files_stop_the_run(exported: Project) -> None:
    for number in range(11):
        (exported.images / f"train/cat/{number}.txt").write_text("x")
    message = exported.error(pipeline.IndexImages)
    assert "11 of 47 files" in message
    assert "images/train/cat/0.txt: the file is not a picture" in message


def test_a_class_folder_nobody_declared_stops_the_run_and_names_the_nearest(exported: Project) -> None:
    (exported.images / "train/dgo").mkdir()
    shutil.copy(exported.picture("dog"), exported.images / "train/dgo/new.png")
    message = exported.error(pipeline.IndexImages)
    assert "images/train/dgo" in message
    assert "did you mean 'dog'" in message


def test_hidden_and_system_files_are_passed_over(exported: Project) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (exported.images / "train/cat" / name).write_bytes(b"x")
    assert table(exported, "rejected.csv") == []


def test_a_file_beside_the_class_folders_is_rejected(exported: Project) -> None:
    (exported.images / "train/notes.txt").write_text("x")
    assert "outside the class folders" in table(exported, "rejected.csv")[0]["reason"]


def test_a_class_folder_may_be_a_link(exported: Project, tmp_path: Path) -> None:
    elsewhere = (exported.images / "train/cat").rename(tmp_path / "cats elsewhere")
    (exported.images / "train/cat").symlink_to(elsewhere)
    assert edits(exported) == []
