"""Tests `predict`: pictures without a label are judged as test pictures are, of any kind and number."""

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import CLASSES, Project, configured
from PIL import Image
from scenes import scene
from verb_runs import Verbs

import pipeline
from datasets.errors import UserError
from datasets.pictures import decode_picture
from datasets.unlabelled import decode_files, list_files
from models.evaluation.prediction import predict
from pipeline.__main__ import main

QUICK = ("--dataset", "tiny", "--recipe", "quick")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> Project:
    """Returns a project whose recipe is trained and evaluated."""
    project = Project(tmp_path_factory.mktemp("trained"), tiny_archive)
    project.built(pipeline.EvaluateModel, recipe="quick")
    return project


@pytest.fixture
def verbs(trained: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verbs:
    monkeypatch.chdir(tmp_path)
    return Verbs(trained)


def rows(table: Path | str = "predictions.csv") -> list[dict[str, str]]:
    with Path(table).open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        return list(csv.DictReader(lines))


def shares(row: dict[str, str]) -> list[float]:
    return [float(row[f"p_{name}"]) for name in CLASSES]


def lay_out(folder: Path, names: Sequence[str]) -> Path:
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(scene(seed)).save(folder / name, format="PNG")
    return folder


def test_the_test_pictures_are_judged_as_they_were_evaluated(verbs: Verbs) -> None:
    images, evaluated = verbs.project.images, verbs.project.home / "latest/runs/quick/evaluate/predictions.csv"
    printed = verbs.say("predict", str(images / "test"), *QUICK)
    expected = {str(images / row["path"]): row for row in rows(evaluated)}
    assert [row["path"] for row in rows()] == sorted(expected)
    for row in rows():
        assert shares(row) == pytest.approx(shares(expected[row["path"]]), abs=1e-6)
        assert row["predicted"] == CLASSES[int(expected[row["path"]]["predicted"])]
        assert float(row["probability"]) == max(shares(row))
        assert re.search(f"{re.escape(row['path'])} +{row['predicted']} +[0-9.]+%", printed)
    assert "6 pictures: " in printed
    assert "quick on tiny, seed 0" in printed
    assert "stale" not in printed


def test_any_picture_is_brought_to_the_models_input_as_an_export_would(verbs: Verbs, tmp_path: Path) -> None:
    photo = Image.fromarray(scene(3, side=64)).resize((90, 50))
    turned = Image.Exif()
    turned[0x0112] = 6
    photo.save(tmp_path / "turned.jpg", exif=turned)
    photo.convert("L").save(tmp_path / "grey.tif")
    photo.putalpha(100)
    photo.save(tmp_path / "transparent.webp")
    model = verbs.project.home / "latest/runs/quick/train/model.keras"
    for name in ("turned.jpg", "grey.tif", "transparent.webp"):
        printed = verbs.say("predict", name, *QUICK)
        pixels = decode_picture((tmp_path / name).read_bytes(), 32, 32, "crop")
        assert shares(rows()[0]) == pytest.approx(predict(model, pixels[None])[0].tolist(), abs=1e-6)
        assert printed.startswith(name)
        assert "pictures:" not in printed


def test_what_is_no_picture_is_listed_with_its_reason_and_stops_nothing(verbs: Verbs, tmp_path: Path) -> None:
    names = ["a, b.png", 'c "d"\n.png', os.fsdecode(b"\xff.png"), "below/deeper/e"]
    lay_out(tmp_path / "photos", [*names, ".hidden.png"])
    (tmp_path / "photos/notes.txt").write_text("no picture")
    (tmp_path / "photos/empty.jpg").touch()
    os.mkfifo(tmp_path / "photos/pipe.png")
    (tmp_path / "photos/below/again").symlink_to(tmp_path / "photos")
    printed = verbs.say("predict", "photos", *QUICK)
    assert "4 pictures: " in printed
    assert "3 files could not be used:" in printed
    assert "photos/notes.txt: the file is not a picture" in printed
    assert [row["path"] for row in rows()] == sorted(
        f"photos/{name}" for name in (*names, "notes.txt", "empty.jpg", "pipe.png")
    )
    assert {row["path"]: row["reason"] for row in rows() if not row["predicted"]} == {
        "photos/notes.txt": "the file is not a picture",
        "photos/empty.jpg": "the file is empty",
        "photos/pipe.png": "is a folder or another thing that is no file",
    }


def test_of_many_pictures_the_first_are_printed_and_all_are_written(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path / "photos", [f"{n:02}.png" for n in range(30)])
    (tmp_path / "photos/predictions.csv").touch()
    for _ in range(2):  # the second time over the first one's table, which is no picture of the folder's
        printed = verbs.say("predict", "photos", *QUICK, "--output", "photos/predictions.csv")
        assert "photos/19.png" in printed
        assert "photos/20.png" not in printed
        assert "and 10 more" in printed
        assert "could not be used" not in printed
        assert len(rows("photos/predictions.csv")) == 30


def test_pictures_and_folders_that_a_shell_lists_are_all_judged_each_once(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path, ["b.png", "a.png", "more/c.png"])
    (tmp_path / "notes.txt").write_text("no picture")
    assert "3 pictures: " in verbs.say("predict", "b.png", "more", "a.png", "notes.txt", "more/c.png", *QUICK)
    assert [row["path"] for row in rows()] == ["b.png", "more/c.png", "a.png", "notes.txt"]
    assert "pictures: " not in verbs.say("predict", "a.png", "notes.txt", *QUICK)


def test_what_is_worked_on_is_counted_in_files_since_not_all_may_be_pictures(
    verbs: Verbs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path, ["a.png"])
    (tmp_path / "notes.txt").write_text("no picture")
    for words, printed in ((("a.png",), "predicting: 1 file\n"), (("a.png", "notes.txt"), "predicting: 2 files\n")):
        with configured(verbs.project.settings):
            assert main(["predict", *words, *QUICK]) == 0
        assert printed in capsys.readouterr().err


def test_batches_hold_every_file_once_in_order_and_no_more_than_asked(tmp_path: Path) -> None:
    files = list_files(lay_out(tmp_path, [f"{n:02}.png" for n in range(11)]))
    (tmp_path / "03.png").write_text("x")
    batches = list(decode_files(files, 8, "crop", at_once=4))
    assert [len(batch.paths) for batch in batches] == [4, 4, 3]
    assert [path for batch in batches for path in batch.paths] == files
    assert [batch.pixels.shape for batch in batches] == [(3, 8, 8, 3), (4, 8, 8, 3), (3, 8, 8, 3)]
    expected = decode_picture((tmp_path / "09.png").read_bytes(), 8, 8)
    np.testing.assert_array_equal(batches[2].pixels[1], expected)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere", *QUICK), "nowhere: there is no such picture or folder"),
        (("text", *QUICK), "text: no picture there can be read\n.*notes.txt: the file is not a picture"),
        (("text/notes.txt", "text", *QUICK), "text/notes.txt and 1 more: no picture there can be read"),
        (
            ("text", "--dataset", "tiny", "--recipe", "plain"),
            "plain has not been trained on tiny yet. `luigi .* plain` does",
        ),
        (("text", *QUICK, "--output", "nowhere/x.csv"), "nowhere/x.csv: no file can be written there"),
        (("text", *QUICK, "--output", "text/notes.txt"), "text/notes.txt exists, and this verb did not write it"),
        (("text", "--recipe", "plian"), "did you mean 'plain'"),
        (("text", "more", *QUICK), "more: there is no such picture or folder"),
        (QUICK, "give PICTURE"),
        ((), "give PICTURE"),
        (("text", "--output=", *QUICK), "no file can be written there"),
        (("text", "--recipe", "quick", "--dataset="), "there is no data set ''"),
        (("text", "--recpie", "plain"), "did you mean '--recipe'"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    verbs: Verbs, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text/notes.txt").write_text("no picture")
    with pytest.raises(UserError, match=f"(?s){message}"):
        verbs.say("predict", *words)
    assert not list(tmp_path.rglob("*.csv"))
    assert (tmp_path / "text/notes.txt").read_text() == "no picture"


def test_a_model_of_other_settings_is_used_and_said_to_be_stale(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path, ["a.png"])
    assert "stale" in verbs.say("predict", "--TrainModel-seed", "3", "a.png", *QUICK)
    verbs.project.settings["recipe:quick"]["epochs"] = "9"
    try:
        assert "stale      the model was trained on older pictures, settings or code" in verbs.say(
            "predict", "a.png", *QUICK
        )
    finally:
        verbs.project.settings["recipe:quick"]["epochs"] = "1"


def test_the_model_that_is_asked_for_is_used_even_if_another_was_trained_since(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path, ["a.png"])
    latest = verbs.project.home / "latest/runs/quick/train"
    of_one_epoch = latest.resolve()
    verbs.project.settings["recipe:quick"]["epochs"] = "2"
    try:
        verbs.project.built(pipeline.TrainModel, recipe="quick")
        printed = verbs.say("predict", "a.png", *QUICK, "--epochs", "1")
        assert latest.resolve() != of_one_epoch
        assert f"model      {of_one_epoch}  " in printed
        assert "stale" not in printed
    finally:
        verbs.project.settings["recipe:quick"]["epochs"] = "1"
        verbs.project.built(pipeline.TrainModel, recipe="quick")
