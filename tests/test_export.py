"""The export: lossless, in the scheme's names, whole after a kill, and never over what a user did."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from PIL import Image

import pipeline
from datasets.png import encode_png


def test_pictures_come_out_as_they_went_in(project: Project, tiny_archive: Path) -> None:
    project.build(pipeline.ExportImages)
    batches = [*(f"data_batch_{batch}.bin" for batch in range(1, 6)), "test_batch.bin"]
    records = np.concatenate([np.fromfile(tiny_archive / name, np.uint8).reshape(-1, 3073) for name in batches])
    for row in csv.DictReader((project.home / "export.csv").open()):
        planes = records[int(row["number"]), 1:].reshape(3, 32, 32)
        assert np.array_equal(np.asarray(Image.open(project.images / row["path"])), planes.transpose(1, 2, 0))
        assert hashlib.sha256((project.images / row["path"]).read_bytes()).hexdigest() == row["sha256"]


def test_folders_and_names_say_subset_class_label_and_number(project: Project) -> None:
    project.build(pipeline.ExportImages)
    rows = list(csv.DictReader((project.home / "export.csv").open()))
    assert [int(row["number"]) for row in rows] == list(range(36))
    assert rows[0]["path"] == "train/cat/0_00.png"
    assert rows[31]["path"] == "test/dog/1_31.png"
    assert {row["class"]: row["label"] for row in rows} == {"cat": "0", "dog": "1", "frog": "2"}
    written = {path.relative_to(project.images).as_posix() for path in project.images.rglob("*.png")}
    assert written == {row["path"] for row in rows}


@pytest.mark.parametrize("shape", [(32, 32), (1, 1), (8, 31), (150, 200)])
def test_a_png_of_any_size_is_lossless(shape: tuple[int, int], tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    (tmp_path / "x.png").write_bytes(encode_png(pixels))
    image = Image.open(tmp_path / "x.png")
    image.verify()
    assert np.array_equal(np.asarray(Image.open(tmp_path / "x.png")), pixels)


def test_a_small_picture_takes_no_more_than_a_block_of_the_disk() -> None:
    assert len(encode_png(np.zeros((32, 32, 3), np.uint8))) <= 4096
