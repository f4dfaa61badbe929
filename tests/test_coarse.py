"""Tests models that learn classes and predict superclasses: the sums, the report, and data sets without any."""

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured

import pipeline
from datasets.errors import UserError
from datasets.pack import read_subset
from datasets.sources.cifar.classes import CIFAR100_COARSE, CIFAR100_FINE
from datasets.sources.cifar.superclasses import SUPERCLASSES
from models.evaluation.prediction import predict
from models.evaluation.run_classes import classes_of, read_run_classes, write_classes
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from pipeline.terminal.luigi_arguments import check_command

COARSE = Recipe("summed", predict="coarse")
CLASSES = ("wolf", "tulip", "bear", "rose")  # 97, 92, 3 and 70 of the fine labels; 8 and 2 of the coarse ones


def test_every_class_of_cifar_100_has_one_superclass_of_five_in_the_official_order() -> None:
    assert sorted(SUPERCLASSES) == list(CIFAR100_FINE)
    assert list(dict.fromkeys(SUPERCLASSES.values())) == list(CIFAR100_COARSE)
    assert set(Counter(SUPERCLASSES.values()).values()) == {5}


def test_superclasses_are_in_the_order_of_their_own_labels_whatever_that_of_the_classes() -> None:
    classes = classes_of(COARSE, CLASSES)
    assert classes.predicted == ["flowers", "large_carnivores"]
    assert classes.predicted_label.tolist() == [1, 0, 1, 0]
    assert classes_of(COARSE, CIFAR100_FINE).predicted == list(CIFAR100_COARSE)
    assert classes_of(Recipe("plain"), CLASSES).predicted == list(CLASSES)


def test_the_classes_of_a_run_are_read_as_they_were_written(tmp_path: Path) -> None:
    for recipe, names in ((COARSE, CLASSES), (Recipe("plain"), ("a, b", 'c "d"'))):
        write_classes(classes_of(recipe, names), tmp_path)
        read = read_run_classes(tmp_path)
        assert (list(read.names), read.predicted) == (list(names), classes_of(recipe, names).predicted)


@pytest.mark.parametrize(
    ("names", "reason"), [(("cat", "wolf"), "'cat' is none of them"), (("rose", "tulip"), "all classes are flowers")]
)
def test_classes_without_two_superclasses_are_refused(names: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        classes_of(COARSE, names)


def test_a_binary_output_has_nothing_to_sum() -> None:
    with pytest.raises(UserError, match="nothing to sum"):
        resolve("plain", {}, {"output": "binary", "predict": "coarse"})


@pytest.mark.parametrize(
    "task", ["TrainModel --recipe summed", "TrainModel --recipe further", "FullReport --recipes quick,summed"]
)
def test_a_data_set_without_superclasses_is_refused_before_anything_runs(project: Project, task: str) -> None:
    project.settings["recipe:summed"] = {"base": "quick", "predict": "coarse"}
    project.settings["recipe:further"] = {"base": "quick", "start_from": "summed"}
    with configured(project.settings), pytest.raises(UserError, match="'cat' is none of them"):
        check_command([*task.split(), "--dataset", "tiny"])


def write_cifar100(folder: Path) -> Path:
    """Writes CIFAR-100's binary layout with 24 training and 8 test pictures of four classes, each its own grey."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(3)
    for name, count in (("train", 24), ("test", 8)):
        records = random.integers(0, 256, (count, 3074), np.uint8)
        records[:, :2] = np.resize([[14, 3], [2, 70], [2, 92], [14, 97]], (count, 2))
        records[:, 0] = np.where(np.isin(records[:, 1], (70, 92)), 2, 8)
        records[:, 2:] = records[:, 2:] // 4 + records[:, 1:2]
        records.tofile(folder / f"{name}.bin")
    return folder


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The report of one training told by classes, and by superclasses."""
    folder = tmp_path_factory.mktemp("coarse")
    project = Project(folder, write_cifar100(folder / "cifar-100-binary"))
    project.settings["dataset:tiny"] = {"source": "cifar100", "classes": ",".join(CLASSES), "val_fraction": "0.2"}
    project.settings["recipe:summed"] = {"base": "quick", "predict": "coarse"}
    project.built(pipeline.FullReport, recipes=("quick", "summed"))
    return project


def column(path: Path, name: str) -> list[str]:
    with path.open(newline="") as lines:
        return [row[name] for row in csv.DictReader(lines)]


@pytest.mark.slow
def test_the_probabilities_of_a_superclass_are_the_sums_of_those_of_its_classes(reported: Project) -> None:
    runs, (pixels, _) = reported.home / "latest/runs", read_subset(reported.home / "latest/pack", "test")
    fine, coarse = (predict(runs / recipe / "train/model.keras", pixels) for recipe in ("quick", "summed"))
    np.testing.assert_allclose(coarse, np.stack([fine[:, [1, 3]].sum(axis=1), fine[:, [0, 2]].sum(axis=1)], axis=1))


@pytest.mark.slow
def test_everything_said_of_the_run_is_in_superclasses(reported: Project) -> None:
    evaluated = reported.home / "latest/runs/summed/evaluate"
    assert column(evaluated / "per_class.csv", "class") == column(evaluated / "confusion.csv", "true")
    assert column(evaluated / "per_class.csv", "class") == ["flowers", "large_carnivores"]
    fine = [path.split("/")[1] for path in column(evaluated / "predictions.csv", "path")]
    labels = ["0" if name in ("tulip", "rose") else "1" for name in fine]
    assert column(evaluated / "predictions.csv", "label") == labels
    right = sum(map(str.__eq__, labels, column(evaluated / "predictions.csv", "predicted")))
    assert json.loads((evaluated / "metrics.json").read_text())["accuracy"] == right / 8
    page = (reported.home / "latest/report/report.html").read_text()
    assert "Each of the 2 classes" in page
    assert "Each of the 4 classes" in page
    assert "tiny: quick names" in page
    assert page.count('<span class="tag">superclasses</span>') == 2  # in the table of runs and at its own


@pytest.mark.slow
def test_what_is_saved_is_made_of_stock_layers_and_its_sums_cannot_be_unlearnt(reported: Project) -> None:
    import keras

    model = keras.models.load_model(reported.home / "latest/runs/summed/train/model.keras")
    assert all(type(layer).__module__.startswith("keras.") for layer in model.layers)
    assert model.layers[-1].get_weights()[0].tolist() == [[0, 1], [1, 0], [0, 1], [1, 0]]
    assert model.layers[-1].trainable_variables == []


@pytest.mark.slow
@pytest.mark.parametrize("predict_as", ["classes", "coarse"])
def test_a_recipe_goes_on_from_one_that_sums_its_classes(reported: Project, predict_as: str) -> None:
    import keras

    reported.settings["recipe:further"] = {
        "base": "quick",
        "start_from": "summed",
        "predict": predict_as,
        "frozen_layers": "convolution_*",
    }
    assert "TrainModel" in reported.built(pipeline.TrainModel, recipe="further")
    runs = reported.home / "latest/runs"
    start, further = (keras.models.load_model(runs / recipe / "train/model.keras") for recipe in ("summed", "further"))
    kernels = [model.get_layer("convolution_1").get_weights()[0] for model in (start, further)]
    np.testing.assert_array_equal(*kernels)
    assert further.output.shape == (None, 4 if predict_as == "classes" else 2)
