"""The files that no export writes: the index takes each as RGB, or rejects it with the reason."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from PIL import Image

import pipeline


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
def test_pictures_of_every_mode_are_taken_as_rgb(exported: Project, paint: Callable[[Path], None]) -> None:
    path = exported.images / "train/dog/added.png"
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


@pytest.mark.slow
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
    exported: Project, spoil: Callable[[Path], None], reason: str
) -> None:
    path = exported.images / "train/dog/spoilt.png"
    spoil(path)
    rows = exported.table("rejected.csv")
    assert [row["path"] for row in rows] == ["train/dog/spoilt.png"]
    assert reason in rows[0]["reason"]
    assert os.path.lexists(path)
    assert len(exported.table("index.csv")) == 36


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a b.png", "it's.png", 'say "x".png', "a\nb.png", "a\rb.png", "naïve 猫.png", "b\udcffc.png", "-x.png"]
)
def test_names_of_any_kind_go_the_whole_way(exported: Project, name: str) -> None:
    Image.new("RGB", (32, 32), "blue").save(exported.images / "train/cat" / name, format="PNG")
    assert exported.build(pipeline.PackImages).complete
    assert exported.table("index.csv")[-1]["path"] == f"train/cat/{name}"


def test_an_exported_picture_that_went_bad_is_rejected_not_deleted(exported: Project) -> None:
    picture = exported.picture("cat")
    picture.write_bytes(b"")
    assert [row["path"] for row in exported.table("rejected.csv")] == [f"train/cat/{picture.name}"]
    assert exported.table("removed.csv") == []


def test_too_many_rejected_files_stop_the_run(exported: Project) -> None:
    for number in range(11):
        (exported.images / f"train/cat/{number}.txt").write_text("x")
    message = exported.error(pipeline.IndexImages)
    assert "11 of 47 files" in message
    assert "images/train/cat/0.txt: the file is not a picture" in message


def test_hidden_and_system_files_are_passed_over(exported: Project) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (exported.images / "train/cat" / name).write_bytes(b"x")
    assert exported.table("rejected.csv") == []


def test_a_file_beside_the_class_folders_is_rejected(exported: Project) -> None:
    (exported.images / "train/notes.txt").write_text("x")
    assert "outside the class folders" in exported.table("rejected.csv")[0]["reason"]


def test_a_class_folder_that_cannot_be_read_stops_the_run_and_deletes_nothing(exported: Project) -> None:
    folder = exported.images / "train/cat"
    aside = folder.rename(exported.folder / "aside")
    folder.symlink_to(folder)
    message = exported.error(pipeline.IndexImages)
    assert "images/train/cat" in message
    assert "cannot be read" in message
    folder.unlink()
    aside.rename(folder)
    assert exported.table("removed.csv") == []
