"""The description of the data: counts, contact sheets and mean pictures of real packs."""

import csv
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from page_inputs import write_pack
from PIL import Image

import pipeline
from reports.drawing.contact_sheets import draw_contact_sheets, safe_name
from reports.drawing.mean_pictures import draw_mean_pictures, mean_pictures
from reports.sections.class_looks import read_class_sheets


def write_photos(pack_dir: Path, side: int, classes: list[str], of_each: int) -> np.ndarray:
    write_pack(pack_dir, classes, 1)
    shape = (of_each * len(classes), side, side, 3)
    pixels = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    np.save(pack_dir / "train_pixels.npy", pixels)
    np.save(pack_dir / "train_labels.npy", np.arange(len(pixels), dtype=np.int32) % len(classes))
    return pixels


@pytest.mark.parametrize("side", [32, 150])
def test_a_mean_picture_is_the_exact_mean_over_the_training_pictures(
    tmp_path: Path, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.drawing.mean_pictures.BYTES_AT_ONCE", 7 * side * side * 3)  # several pieces
    pixels = write_photos(tmp_path / "pack", side, ["cat", "dog", "frog"], 11)
    for label, mean in mean_pictures(tmp_path / "pack", 3).items():
        np.testing.assert_array_equal(mean, np.rint(pixels[label::3].mean(axis=0, dtype=np.float64)))


def test_a_class_without_training_pictures_has_no_sheet_and_no_mean(tmp_path: Path) -> None:
    write_photos(tmp_path / "pack", 32, ["cat", "dog"], 2)
    (tmp_path / "pack/classes.txt").write_text("cat\ndog\nunicorn\n")
    describe(tmp_path)
    last = read_class_sheets(tmp_path / "data")[2]
    assert (last.class_name, last.count, last.picture, last.mean) == ("unicorn", 0, None, None)


def describe(folder: Path) -> None:
    (folder / "data").mkdir()
    draw_contact_sheets(folder / "pack", folder / "data")
    draw_mean_pictures(folder / "pack", folder / "data")


@pytest.mark.slow
@pytest.mark.parametrize(("side", "class_count"), [(32, 100), (150, 20), (32, 2)])
def test_what_the_page_carries_of_pure_noise_stays_within_its_budget(
    tmp_path: Path, side: int, class_count: int
) -> None:
    write_photos(tmp_path / "pack", side, [f"class {number}" for number in range(class_count)], 24)
    describe(tmp_path)
    sheets = read_class_sheets(tmp_path / "data")
    assert sum(len(sheet.picture.uri) for sheet in sheets if sheet.picture) < 3_000_000
    assert sum(len(sheet.mean.uri) for sheet in sheets if sheet.mean) < 300_000


def test_a_sheet_is_a_file_for_every_class_under_a_name_that_any_system_takes(tmp_path: Path) -> None:
    classes = ["fried egg", "<script>", "../up", "con/aux:nul?", "", "猫", "x" * 300]
    write_photos(tmp_path / "pack", 32, classes, 3)
    describe(tmp_path)
    names = [row["file"] for row in csv.DictReader((tmp_path / "data/sheets.csv").open())]
    assert names[:4] == ["0-fried_egg.png", "1-_script_.png", "2-___up.png", "3-con_aux_nul_.png"]
    assert sorted(names) == sorted(file.name for file in (tmp_path / "data/sheets").iterdir())
    assert len(safe_name("猫" * 300).encode()) < 250


def test_a_sheet_by_itself_has_the_name_above_pictures_that_keep_their_colours(tmp_path: Path) -> None:
    pixels = write_photos(tmp_path / "pack", 32, ["cat"], 8)
    describe(tmp_path)
    sheet = np.asarray(Image.open(tmp_path / "data/sheets/0-cat.png"))
    np.testing.assert_array_equal(sheet[56 : 56 + 128 : 4, 16 : 16 + 128 : 4], pixels[0])
    assert (sheet[:56] < 128).any()  # letters


def test_the_same_pack_gives_the_same_bytes(tmp_path: Path) -> None:
    write_photos(tmp_path / "pack", 32, ["cat", "dog"], 5)
    drawn = []
    for again in ("first", "second"):
        (tmp_path / again).mkdir()
        (tmp_path / again / "pack").symlink_to(tmp_path / "pack")
        describe(tmp_path / again)
        files = sorted((tmp_path / again / "data").rglob("*.*"))
        drawn.append([(file.name, file.read_bytes()) for file in files])
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 8


def test_the_stage_counts_what_was_split_and_runs_again_only_for_other_pictures(project: Project) -> None:
    assert "DescribeData" in project.built(pipeline.DescribeData)
    counts = list(csv.reader((project.home / "latest/data/counts.csv").open()))
    assert counts[0] == ["class", "train", "val", "test", "all"]
    assert counts[1] == ["cat", "8", "2", "2", "12"]
    assert (project.home / "latest/data/mean_pictures.png").is_file()
    project.picture("cat").touch()
    assert project.built(pipeline.DescribeData) == {"IndexImages"}
    project.picture("cat").unlink()
    assert "DescribeData" in project.built(pipeline.DescribeData)
