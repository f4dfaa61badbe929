"""Tests averaged views: what each shows, what their mean is, and that switching them on trains nothing."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from small_pack import CLASSES, SIDE, write_small_pack
from test_evaluation import SUMMARY, read_csv, write_leaks

import pipeline
from models.building.assembly import assemble
from models.evaluation.evaluate import evaluate
from models.evaluation.prediction import VIEWS, View, predict
from models.evaluation.run_classes import RunClasses, write_classes
from models.recipes.recipe import Recipe

PICTURE = np.arange(9, dtype=np.uint8).reshape(1, 3, 3, 1)


def shown(view: View) -> list[list[int]]:
    rows: list[list[int]] = view.of(PICTURE)[0, :, :, 0].tolist()
    return rows


def test_a_view_moves_the_picture_and_fills_its_edge_by_reflection() -> None:
    assert shown(View()) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert shown(View(is_mirrored=True)) == [[2, 1, 0], [5, 4, 3], [8, 7, 6]]
    assert shown(View(down=1)) == [[3, 4, 5], [0, 1, 2], [3, 4, 5]]
    assert shown(View(down=-1)) == [[3, 4, 5], [6, 7, 8], [3, 4, 5]]
    assert shown(View(right=1)) == [[1, 0, 1], [4, 3, 4], [7, 6, 7]]
    assert shown(View(is_mirrored=True, right=-1)) == [[1, 0, 1], [4, 3, 4], [7, 6, 7]]


def test_shifts_are_the_picture_in_place_and_moved_to_each_side_and_its_mirror_image_where_wanted() -> None:
    moves = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]
    for name, mirrors in (("shifts", [False]), ("mirrored_shifts", [False, True])):
        views = [View(is_mirrored, *move) for is_mirrored in mirrors for move in moves]
        assert sorted(VIEWS[name]) == sorted(views)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack and an untrained model, which has an opinion all the same."""
    folder = tmp_path_factory.mktemp("views")
    write_small_pack(folder / "pack", train=3, test=40)
    assemble(Recipe("plain"), np.zeros((1, SIDE, SIDE, 3), np.uint8), len(CLASSES)).save(folder / "model.keras")
    write_classes(RunClasses(CLASSES, CLASSES), folder)
    (folder / "training.json").write_text(json.dumps(SUMMARY))
    write_leaks(folder / "leaks.csv", [])
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("tta", ["mirror", "shifts", "mirrored_shifts"])
def test_the_prediction_is_the_mean_of_what_is_said_of_each_view(trained: Path, tta: str) -> None:
    pixels = np.load(trained / "pack/test_pixels.npy")
    said = [predict(trained / "model.keras", np.ascontiguousarray(view.of(pixels))) for view in VIEWS[tta]]
    np.testing.assert_allclose(predict(trained / "model.keras", pixels, tta), np.mean(said, axis=0), rtol=1e-5)
    assert np.ptp(said, axis=0).max() > 1e-4


@pytest.mark.slow
def test_the_accuracy_of_averaged_views_stands_beside_the_one_without(trained: Path, tmp_path: Path) -> None:
    inputs = [trained / name for name in ("model.keras", "pack", "training.json", "leaks.csv")]
    evaluate(*inputs, trained)
    evaluate(*inputs, tmp_path, tta="shifts")
    plain, averaged = (json.loads((folder / "metrics.json").read_text()) for folder in (trained, tmp_path))
    labels, guesses = zip(*((row[1], row[-1]) for row in read_csv(tmp_path / "predictions.csv")[1:]), strict=True)
    assert averaged.pop("accuracy_tta") == sum(map(str.__eq__, labels, guesses)) / 40
    assert averaged == plain
    assert read_csv(tmp_path / "predictions.csv")[0][-1] == "predicted_tta"
    assert [row[:-1] for row in read_csv(tmp_path / "predictions.csv")] == read_csv(trained / "predictions.csv")


@pytest.mark.slow
def test_averaging_views_evaluates_again_and_never_trains(project: Project) -> None:
    project.built(pipeline.EvaluateModel, recipe="quick")
    metrics = project.home / "latest/runs/quick/evaluate/metrics.json"
    assert "accuracy_tta" not in json.loads(metrics.read_text())
    project.settings["recipe:quick"]["tta"] = "shifts"
    assert project.built(pipeline.EvaluateModel, recipe="quick") == {"EvaluateModel"}
    assert "accuracy_tta" in json.loads(metrics.read_text())
    del project.settings["recipe:quick"]["tta"]
    assert project.built(pipeline.EvaluateModel, recipe="quick") == set()
