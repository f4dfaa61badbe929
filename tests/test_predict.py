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
        printed = verbs.say("predict", name, *QUICK, "--output", f"{name}.csv")
        pixels = decode_picture((tmp_path / name).read_bytes(), 32, 32, "crop")
        assert shares(rows(f"{name}.csv")[0]) == pytest.approx(predict(model, pixels[None])[0].tolist(), abs=1e-6)
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
    for table in ("photos/one.csv", "photos/two.csv"):  # the first is no picture of the folder's
        printed = verbs.say("predict", "photos", *QUICK, "--output", table)
        assert "photos/19.png" in printed
        assert "photos/20.png" not in printed
        assert "and 10 more" in printed
        assert "could not be used" not in printed
        assert len(rows(table)) == 30


def test_no_table_is_written_over_whoever_wrote_it(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path, ["a.png"])
    assert "written    predictions.csv\n" in verbs.say("predict", "a.png", *QUICK)
    changed = tmp_path / "predictions.csv"
    changed.write_text(changed.read_text().replace("a.png", "a.png, a photo of mine"))
    before = changed.read_bytes()
    assert "written    predictions-2.csv  predictions.csv was there already" in verbs.say("predict", "a.png", *QUICK)
    assert "written    predictions-3.csv" in verbs.say("predict", "a.png", *QUICK)
    with pytest.raises(UserError, match=r"predictions.csv exists; move it, or name another file"):
        verbs.say("predict", "a.png", *QUICK, "--output", "predictions.csv")
    assert changed.read_bytes() == before
    assert rows("predictions-2.csv") == rows("predictions-3.csv")


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
        (("nowhere", *QUICK), "nowhere: there is no picture or folder of that name"),
        (("text", *QUICK), "text: no picture there can be read\n.*notes.txt: the file is not a picture"),
        (("text/notes.txt", "text", *QUICK), "text/notes.txt and 1 more: no picture there can be read"),
        (
            ("text", "--dataset", "tiny", "--recipe", "plain"),
            "plain has not been trained on tiny yet. `python -m pipeline TrainModel .* plain` does",
        ),
        (("text", *QUICK, "--output", "nowhere/x.csv"), "nowhere/x.csv: no file can be written there"),
        (("text", *QUICK, "--output", "text/notes.txt"), "text/notes.txt exists; move it"),
        (("text", "--recipe", "plian"), "did you mean 'plain'"),
        (("text", "more", *QUICK), "more: there is no picture or folder of that name"),
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
    verbs.project.settings["recipe:quick"]["epochs"] = "9"
    try:
        assert "stale      the model was trained on older pictures, settings or code" in verbs.say(
            "predict", "a.png", *QUICK
        )
    finally:
        verbs.project.settings["recipe:quick"]["epochs"] = "1"


def test_a_model_of_settings_that_are_asked_for_is_never_another_one(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path, ["a.png"])
    with pytest.raises(UserError, match=r"quick has not been trained on tiny yet, or not since .*`.*-seed 3.*` does"):
        verbs.say("predict", "--TrainModel-seed", "3", "a.png", *QUICK)


def test_the_model_that_was_trained_last_is_used_unless_another_is_asked_for(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path, ["a.png"])
    latest = verbs.project.home / "latest/runs/quick/train"
    of_one_epoch = latest.resolve()
    with configured(verbs.project.settings):
        pipeline.build(pipeline.TrainModel(dataset="tiny", recipe="quick", epochs=2))
    try:
        of_two_epochs = latest.resolve()
        assert of_two_epochs != of_one_epoch
        assert f"model      {of_two_epochs}  " in verbs.say("predict", "a.png", *QUICK)
        printed = verbs.say("predict", "a.png", *QUICK, "--epochs", "1")
        assert f"model      {of_one_epoch}  " in printed
        assert "stale" not in printed
    finally:
        verbs.project.built(pipeline.TrainModel, recipe="quick")


def give_val_accuracy(project: Project, recipe: str, accuracy: float) -> None:
    """Writes into the history of a trained recipe how well its last epoch validated."""
    history = project.home / f"latest/runs/{recipe}/train/history.csv"
    *before, last = history.read_text().splitlines()
    values = last.split(",")
    values[4] = str(accuracy)
    history.write_text("\n".join([*before, ",".join(values)]) + "\n")


def test_without_a_recipe_the_best_on_the_validation_pictures_is_taken_and_named(verbs: Verbs, tmp_path: Path) -> None:
    lay_out(tmp_path, ["a.png"])
    project = verbs.project
    tiny = ("predict", "a.png", "--dataset", "tiny")
    assert "recipe     quick, the only recipe that is trained" in verbs.say(*tiny)
    project.settings["recipe:zest"] = project.settings["recipe:quick"] | {"dense_dropout": "0.3"}
    try:
        project.built(pipeline.TrainModel, recipe="zest")
        for better, worse in (("quick", "zest"), ("zest", "quick")):
            give_val_accuracy(project, better, 0.75)
            give_val_accuracy(project, worse, 0.5)
            printed = verbs.say(*tiny)
            assert f"recipe     {better}, best on the validation pictures: 75.0%; {worse} 50.0%" in printed
            assert f"runs/{better}/train" in printed
        assert "recipe     " not in verbs.say(*tiny, "--recipe", "quick")
        with configured(project.settings):
            pipeline.build(pipeline.TrainModel(dataset="tiny", recipe="zest", epochs=3))
        assert "recipe     quick, the only" in verbs.say(*tiny), "the other is not of today's settings"
        assert "recipe     zest, the only" in verbs.say(*tiny, "--epochs", "3")
    finally:
        del project.settings["recipe:zest"]


def test_where_only_test_pictures_could_choose_the_user_has_to(project: Project, tmp_path: Path) -> None:
    project.settings["dataset:tiny"]["val_fraction"] = "0"
    project.settings["recipe:zest"] = project.settings["recipe:quick"] | {"dense_dropout": "0.3"}
    lay_out(tmp_path, ["a.png"])
    verbs = Verbs(project)
    with pytest.raises(UserError, match=r"no recipe has been trained on tiny yet. `.*FullReport --dataset tiny`"):
        verbs.say("predict", str(tmp_path / "a.png"), "--dataset", "tiny")
    for recipe in ("quick", "zest"):
        project.built(pipeline.TrainModel, recipe=recipe)
    with pytest.raises(UserError, match="name a recipe with --recipe, out of quick, zest: tiny has no validation"):
        verbs.say("predict", str(tmp_path / "a.png"), "--dataset", "tiny")
