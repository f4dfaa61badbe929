"""The export: lossless, in the scheme's names, whole after a kill, and never over what a user did."""

import csv
import hashlib
import os
import shutil
import signal
import time
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


def _write_big_archive(folder: Path) -> Path:
    folder.mkdir()
    random = np.random.default_rng(1)
    for name in [*(f"data_batch_{batch}.bin" for batch in range(1, 6)), "test_batch.bin"]:
        records = random.integers(0, 256, (2_500, 3073), np.uint8)
        records[:, 0] %= 10
        records.tofile(folder / name)
    return folder


def test_a_killed_export_goes_on_where_it_stopped_and_respects_what_was_deleted_meanwhile(project: Project) -> None:
    project.settings["cifar"]["archives"] = str(_write_big_archive(project.folder / "cifar-10-batches-bin"))
    project.settings["dataset:big"] = {"source": "cifar10"}
    home = project.folder / "workspace" / "big"
    process = project.start("ExportImages", "--dataset", "big")
    deadline = time.monotonic() + 60
    while not (journals := list(home.glob("export/.*.partial/written.csv"))) or _lines(journals[0]) < 6_000:
        assert process.poll() is None, "the export ended before it could be killed"
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (home / "export.csv").exists()
    first = sorted((home / "images/train/airplane").iterdir())[0]
    kept = sorted((home / "images/train/airplane").iterdir())[1]
    before = kept.stat().st_mtime_ns
    first.unlink()
    assert project.luigi("ExportImages", "--dataset", "big").returncode == 0
    rows = list(csv.DictReader((home / "export.csv").open()))
    assert len(rows) == 15_000
    missing = [row["path"] for row in rows if not (home / "images" / row["path"]).exists()]
    assert missing == [first.relative_to(home / "images").as_posix()]
    assert kept.stat().st_mtime_ns == before
    assert all(
        hashlib.sha256((home / "images" / row["path"]).read_bytes()).hexdigest() == row["sha256"]
        for row in rows
        if row["path"] not in missing
    )


def _lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def test_a_picture_torn_by_the_kill_is_written_whole(project: Project) -> None:
    project.build(pipeline.ExportImages)
    result = (project.home / "latest/export").resolve()
    partial = result.with_name(f".{result.name}.partial")
    partial.mkdir()
    shutil.copy(result / "export.csv", partial / "written.csv")
    shutil.rmtree(result)
    torn, whole = project.picture("cat"), project.picture("dog")
    content = torn.read_bytes()
    torn.write_bytes(content[:100])
    whole.write_bytes(b"painted by the user")
    project.build(pipeline.ExportImages)
    assert torn.read_bytes() == content
    assert whole.read_bytes() == b"painted by the user"


def test_export_never_writes_into_folders_that_are_there(project: Project) -> None:
    project.build(pipeline.ExportImages)
    picture = project.picture("frog")
    picture.unlink()
    os.truncate(project.picture("frog"), 0)
    shutil.rmtree((project.home / "latest/export").resolve())
    project.build(pipeline.ExportImages)
    assert not picture.exists()
    assert project.picture("frog").stat().st_size == 0
