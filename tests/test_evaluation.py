import csv
import json
import math
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from small_pack import CLASSES, write_small_pack

from datasets.errors import UserError
from datasets.pack import read_subset
from datasets.tables import LEAKS_HEADER, write_rows
from models.building.assembly import assemble
from models.evaluation import scores
from models.evaluation.evaluate import evaluate
from models.evaluation.prediction import predict
from models.evaluation.run_classes import RunClasses, write_classes
from models.model_digest import content_digest
from models.recipes.recipe import Recipe

SUMMARY = {"train_seconds": 61.5, "epochs": 30, "seed": 4, "parameters": 7}
LEAKED = 7


def read_csv(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def write_leaks(path: Path, leaked: list[str]) -> None:
    write_rows(path, LEAKS_HEADER, [(name, "train/duplicate.png", "train", "yes", "near", 0.1) for name in leaked])


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds a pack, an untrained model, training.json and what their evaluation wrote."""
    folder = tmp_path_factory.mktemp("evaluation")
    write_small_pack(folder / "pack", train=3, test=50)
    assemble(Recipe("plain"), np.zeros((1, 16, 16, 3), np.uint8), len(CLASSES)).save(folder / "model.keras")
    write_classes(RunClasses(CLASSES, CLASSES), folder)
    (folder / "training.json").write_text(json.dumps(SUMMARY))
    paths = [row[0] for row in read_csv(folder / "pack" / "pictures.csv") if row[2] == "test"]
    write_leaks(folder / "leaks.csv", paths[:LEAKED])
    evaluate(folder / "model.keras", folder / "pack", folder / "training.json", folder / "leaks.csv", folder)
    return folder


@pytest.mark.slow
def test_an_evaluation_says_how_many_pictures_it_judges_and_when_it_is_done(evaluated, tmp_path, capsys):
    leaks = evaluated / "leaks.csv"
    evaluate(evaluated / "model.keras", evaluated / "pack", evaluated / "training.json", leaks, tmp_path, tta="mirror")
    said = capsys.readouterr().err
    assert "judging: 50 pictures" in said
    assert "judging by 2 views: done in" in said


@pytest.mark.slow
def test_there_is_a_row_a_test_picture_in_the_order_of_the_pack(evaluated):
    header, *rows = read_csv(evaluated / "predictions.csv")
    assert header == ["path", "label", "predicted", *(f"p_{name}" for name in CLASSES), "loss"]
    listed = [row[:2] for row in read_csv(evaluated / "pack" / "pictures.csv") if row[2] == "test"]
    assert [row[:2] for row in rows] == listed
    probabilities = np.array([row[3:6] for row in rows], np.float32)
    pixels, labels = read_subset(evaluated / "pack", "test")
    np.testing.assert_array_equal(probabilities, predict(evaluated / "model.keras", pixels))
    assert [int(row[2]) for row in rows] == probabilities.argmax(axis=1).tolist()
    losses = [-np.log(float(row[3 + label])) for row, label in zip(rows, labels, strict=True)]
    assert [float(row[6]) for row in rows] == pytest.approx(losses)


@pytest.mark.slow
def test_the_tables_and_metrics_agree_with_the_predictions(evaluated):
    rows = read_csv(evaluated / "predictions.csv")[1:]
    named = [(int(row[1]), int(row[2])) for row in rows]
    found = json.loads((evaluated / "metrics.json").read_text())
    assert found["accuracy"] == sum(label == guess for label, guess in named) / 50
    assert found["loss"] == pytest.approx(sum(float(row[-1]) for row in rows) / 50)
    assert found["accuracy_low"] < found["accuracy"] < found["accuracy_high"]
    assert (found["test_count"], found["train_seconds"], found["epochs"], found["seed"]) == (50, 61.5, 30, 4)
    assert "top5_accuracy" not in found
    header, *confusion = read_csv(evaluated / "confusion.csv")
    assert header[1:] == [row[0] for row in confusion] == list(CLASSES)
    counts = [[named.count((label, guess)) for guess in range(3)] for label in range(3)]
    assert [[int(count) for count in row[1:]] for row in confusion] == counts
    header, *by_class = read_csv(evaluated / "per_class.csv")
    assert header[:5] == ["class", "count", "precision", "precision_low", "precision_high"]
    assert [(row[0], int(row[1])) for row in by_class] == [(CLASSES[i], sum(counts[i])) for i in range(3)]
    assert found["f1_macro"] > 0
    assert [row[3] for row in read_csv(evaluated / "classification_report.csv")[-2:]] == [
        str(found["f1_macro"]),
        str(found["f1_weighted"]),
    ]
    listed = [sorted(row[0] for row in read_csv(evaluated / f"{name}.csv")[1:]) for name in ("mistakes", "doubtful")]
    assert listed[0] == sorted(row[0] for row in rows if row[1] != row[2])
    assert listed[1] == sorted(row[0] for row in rows if row[1] == row[2])


@pytest.mark.slow
def test_the_calibration_is_that_of_the_predictions(evaluated):
    rows = read_csv(evaluated / "predictions.csv")[1:]
    gaps = Counter()
    for row in rows:
        sure = max(map(float, row[3:6]))
        gaps[math.ceil(15 * sure)] += (sure - (row[1] == row[2])) / 50
    found = json.loads((evaluated / "metrics.json").read_text())["calibration_error"]
    assert found == pytest.approx(sum(map(abs, gaps.values())), abs=1e-6)
    bins = read_csv(evaluated / "calibration.csv")
    assert bins[0] == ["low", "high", "count", "mean_probability", "accuracy", "accuracy_low", "accuracy_high"]
    assert (len(bins), sum(int(row[2]) for row in bins[1:])) == (16, 50)


@pytest.mark.slow
def test_the_accuracy_without_leaked_pictures_is_that_of_the_others(evaluated):
    rows = read_csv(evaluated / "predictions.csv")[1 + LEAKED :]
    found = json.loads((evaluated / "metrics.json").read_text())
    right = sum(row[1] == row[2] for row in rows)
    assert found["accuracy_without_duplicates"] == right / 43
    low, high = found["accuracy_without_duplicates_low"], found["accuracy_without_duplicates_high"]
    assert (low, high) == pytest.approx(scores.wilson_interval(right, 43))
    assert (found["test_count_without_duplicates"], found["duplicate_count"]) == (43, LEAKED)


@pytest.mark.slow
@pytest.mark.parametrize("leaked_share", [0, 1])
def test_without_leaks_the_accuracy_is_the_same_and_with_nothing_else_there_is_none(evaluated, tmp_path, leaked_share):
    paths = [row[0] for row in read_csv(evaluated / "predictions.csv")[1:]]
    write_leaks(tmp_path / "leaks.csv", paths[: 50 * leaked_share])
    inputs = ("model.keras", "pack", "training.json")
    evaluate(*(evaluated / name for name in inputs), tmp_path / "leaks.csv", tmp_path)
    found = json.loads((tmp_path / "metrics.json").read_text())
    assert found["duplicate_count"] == 50 * leaked_share
    assert found["accuracy_without_duplicates"] == (None if leaked_share else found["accuracy"])
    assert found["accuracy_without_duplicates_low"] == (None if leaked_share else found["accuracy_low"])


@pytest.mark.slow
def test_the_same_model_and_pictures_give_the_same_bytes(evaluated, tmp_path):
    inputs = ("model.keras", "pack", "training.json", "leaks.csv")
    evaluate(*(evaluated / name for name in inputs), tmp_path)
    assert len(list(tmp_path.iterdir())) == 9
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (evaluated / path.name).read_bytes()


@pytest.mark.slow
def test_a_model_gives_its_probabilities_in_plain_keras_without_this_project(evaluated, tmp_path):
    pixels, _ = read_subset(evaluated / "pack", "test")
    np.save(tmp_path / "pixels.npy", pixels)
    program = """
import sys, keras, numpy
model = keras.models.load_model(sys.argv[1])
numpy.save("probabilities.npy", model.predict(numpy.load("pixels.npy"), batch_size=256, verbose=0))
assert not {"models", "datasets"} & set(sys.modules)
"""
    command = [sys.executable, "-P", "-c", program, str(evaluated / "model.keras")]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    np.testing.assert_array_equal(np.load(tmp_path / "probabilities.npy"), predict(evaluated / "model.keras", pixels))


def test_a_pack_without_test_pictures_is_refused(tmp_path):
    pack_dir = write_small_pack(tmp_path / "pack", train=3)
    with pytest.raises(UserError, match="no test pictures"):
        evaluate(tmp_path / "model.keras", pack_dir, tmp_path / "training.json", tmp_path / "leaks.csv", tmp_path)


def test_the_interval_is_wilsons():
    assert scores.wilson_interval(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    assert scores.wilson_interval(0, 10) == pytest.approx((0.0, 0.2775328), abs=1e-6)
    assert scores.wilson_interval(10, 10) == pytest.approx((0.7224672, 1.0), abs=1e-6)


def test_the_interval_holds_the_share_to_the_last_digit():
    for total in range(1, 300):
        for right in {0, total // 3, total}:
            low, high = scores.wilson_interval(right, total)
            assert low <= right / total <= high


def test_precision_recall_and_f1_are_those_reckoned_by_hand():
    labels, predicted = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2, 2]), np.array([0, 0, 0, 1, 0, 1, 1, 1, 2, 2])
    confusion = scores.count_confusion(labels, predicted, class_count=3)
    assert confusion.tolist() == [[3, 1, 0], [1, 1, 0], [0, 2, 2]]
    found = scores.score_classes(confusion)
    assert found.picture_count.tolist() == [4, 2, 4]
    assert found.precision.tolist() == [3 / 4, 1 / 4, 1]
    assert found.recall.tolist() == [3 / 4, 1 / 2, 1 / 2]
    assert found.f1.tolist() == pytest.approx([3 / 4, 1 / 3, 2 / 3])
    assert scores.average_f1(confusion) == pytest.approx((7 / 12, (4 * 3 / 4 + 2 * 1 / 3 + 4 * 2 / 3) / 10))


def test_a_class_without_pictures_counts_only_where_it_is_named():
    confusion = scores.count_confusion(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 3]), class_count=4)
    assert scores.score_classes(confusion).f1.tolist() == pytest.approx([1, 2 / 3, math.nan, 0], nan_ok=True)
    assert scores.average_f1(confusion) == pytest.approx(((1 + 2 / 3 + 0) / 3, (1 + 2 / 3) / 2))


def test_the_top_five_are_those_not_beaten_by_five():
    probabilities = np.array([[0.3, 0.25, 0.2, 0.15, 0.06, 0.04]] * 2, np.float32)
    assert scores.share_among_top(probabilities, np.array([4, 5]), 5) == 0.5


def test_a_probability_of_zero_costs_a_finite_loss():
    assert scores.losses_of(np.array([[0, 1]], np.float32), np.array([0])) == pytest.approx([87.3], abs=0.1)


@pytest.mark.slow
def test_saves_of_one_model_have_one_digest_and_other_weights_have_another(tmp_path):
    model = assemble(Recipe("plain"), np.zeros((1, 16, 16, 3), np.uint8), 3)
    model.save(tmp_path / "first.keras")
    time.sleep(1.01)  # Keras notes the second of the save
    model.save(tmp_path / "second.keras")
    assert (tmp_path / "first.keras").read_bytes() != (tmp_path / "second.keras").read_bytes()
    assert content_digest(tmp_path / "first.keras") == content_digest(tmp_path / "second.keras")
    model.layers[-1].bias.assign([0, 0, 1e-20])
    model.save(tmp_path / "third.keras")
    assert content_digest(tmp_path / "third.keras") != content_digest(tmp_path / "first.keras")


def test_a_digest_is_told_without_tensorflow():
    check = "import models.model_digest, sys; assert not {'tensorflow', 'keras', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
