"""Tests how a trained model is explained: its layers, the heat of Grad-CAM, and the maps of its channels."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from small_networks import assembled
from tiny_backbone import write_tiny_backbone

import pipeline
from datasets.sources.cifar.classes import CIFAR100_FINE
from datasets.tables import write_rows
from models.backbones.backbone import new_backbone
from models.backbones.head import join, new_head
from models.backend import prepare_tensorflow
from models.evaluation.prediction import predict
from models.evaluation.run_classes import classes_of, with_summed_classes, write_classes
from models.explanation.explain import explain
from models.explanation.explained_pictures import RIGHT, WRONG, Predicted, first_right, most_confident
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe

PICTURES = 12


@pytest.fixture(scope="module", autouse=True)
def _tensorflow() -> None:
    prepare_tensorflow()


def test_the_surest_pictures_are_spread_over_the_classes():
    shares = {0: (0.9, 0.95, 0.8), 1: (0.7, 0.6), 2: (0.5,)}
    right = [
        Predicted(0, f"{label} {share}", label, label, [share] * 3) for label, of in shares.items() for share in of
    ]
    wrong = [Predicted(0, "wrong", 0, 1, [0.1, 0.9, 0])]
    names = [picture.path for picture in most_confident(wrong + right, RIGHT)]
    assert names == ["0 0.95", "1 0.7", "2 0.5", "0 0.9", "1 0.6", "0 0.8"]
    assert most_confident(wrong + right, WRONG) == wrong
    assert (first_right(wrong + right).path, first_right(wrong).path) == ("0 0.9", "wrong")


def write_untrained(folder: Path, model, recipe: Recipe, names: list[str], side: int) -> Path:
    """A model that never learnt, what it predicts of noise, and the noise."""
    run_classes = classes_of(recipe, names)
    model = with_summed_classes(model, run_classes)
    folder.mkdir(exist_ok=True)
    model.save(folder / "model.keras")
    write_classes(run_classes, folder)
    pixels = np.random.default_rng(2).integers(0, 256, (PICTURES, side, side, 3), np.uint8)
    np.save(folder / "test_pixels.npy", pixels)
    np.save(folder / "test_labels.npy", np.zeros(PICTURES, np.int32))
    shares = predict(folder / "model.keras", pixels)
    labels = np.arange(PICTURES) % len(run_classes.predicted)
    labels[::2] = shares.argmax(axis=1)[::2]
    header = ["path", "label", "predicted", *(f"p_{name}" for name in run_classes.predicted), "loss"]
    judged = zip(labels.tolist(), shares.argmax(axis=1).tolist(), shares.tolist(), strict=True)
    rows = [[f"test/{n}.png", own, named, *of, 0.0] for n, (own, named, of) in enumerate(judged)]
    write_rows(folder / "predictions.csv", header, rows)
    return folder


def explained(run_dir: Path, name: str = "explained") -> Path:
    folder = run_dir / name
    folder.mkdir()
    explain(run_dir / "model.keras", run_dir / "predictions.csv", run_dir, folder)
    return folder


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


NAMES = ["cat, wild", "dog", '"frog"']


def on_tiny_backbone(folder: Path):
    path = write_tiny_backbone(folder / "tiny.keras")
    recipe = Recipe("mine", network="dense_head", backbone="file", backbone_file=str(path), backbone_input="unit")
    backbone = new_backbone(recipe, (24, 24, 3), say=print)
    return join(backbone, new_head(recipe, backbone.output.shape[-1], len(NAMES))), recipe


def any_model(name: str, folder: Path):
    """An untrained model, its recipe, its classes and the side of its pictures."""
    if name == "frozen":
        return *on_tiny_backbone(folder), NAMES, 24
    if name == "binary":
        recipe = Recipe("two", output="binary")
        return assembled(recipe, 16, class_count=2), recipe, NAMES[:2], 16
    recipe, side = resolve(name, {}, {}), 24
    names = list(CIFAR100_FINE) if recipe.predict == "coarse" else NAMES
    return assembled(recipe, side, len(names)), recipe, names, side


SLOWER = [pytest.param(name, marks=pytest.mark.slow) for name in ("three-a", "quick", "resnet")]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "vit", "coarse-cnn-fine", "binary", "frozen", *SLOWER])
def test_a_model_of_any_kind_is_explained_from_its_file(tmp_path, name):
    folder = explained(write_untrained(tmp_path / "run", *any_model(name, tmp_path)))
    about, looks = json.loads((folder / "explanation.json").read_text()), read_rows(folder / "explained.csv")
    assert about["gradcam"]["rows"] > 1
    with np.load(folder / "gradcam.npz") as kept:
        assert len(kept["pixels"]) == len(kept["heat"]) == len(looks) - 1
        assert kept["heat"].max() == 255
    wrong = [row for row in looks if row["role"] == "wrong"]
    assert {row["looked_at"] for row in wrong} == {row[column] for row in wrong for column in ("true", "predicted")}
    assert all(row["looked_at"] == row["true"] == row["predicted"] for row in looks if row["role"] == "right")
    with np.load(folder / "activations.npz") as kept:
        for row in read_rows(folder / "activations.csv"):
            shape = tuple(int(row[side]) for side in ("channels", "rows", "columns"))
            assert kept[row["number"]].shape == shape


@pytest.mark.slow
def test_explaining_twice_gives_the_same_bytes(tmp_path):
    run_dir = write_untrained(tmp_path / "run", *any_model("resnet", tmp_path))
    first, second = (explained(run_dir, name) for name in ("first", "second"))
    assert len(list(first.iterdir())) == 6
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes(), file.name


@pytest.mark.slow
def test_layers_within_a_backbone_are_listed_below_it_and_counted_once(tmp_path):
    model, recipe = on_tiny_backbone(tmp_path)
    rows = read_rows(explained(write_untrained(tmp_path / "run", model, recipe, NAMES, 24)) / "layers.csv")
    own = [row for row in rows if not row["within"]]
    assert sum(int(row["parameters"]) for row in own) == model.count_params()
    (backbone,) = [row for row in own if row["layer"] == "pretrained"]
    assert (backbone["kind"], backbone["trained"]) == ("Functional", "0")
    within = [row["layer"] for row in rows if row["within"] == "pretrained"]
    assert [name for name in within if "convolution" in name] == ["convolution_1", "convolution_2"]
    dense = next(row for row in own if row["layer"] == "dense")
    assert dense["trained"] == dense["parameters"] != "0"


def test_a_network_without_rows_and_columns_has_no_heat_and_is_no_error(tmp_path):
    import keras
    from keras import layers

    pictures = keras.Input((4, 4, 3), dtype="uint8")
    x = layers.Rescaling(1 / 255)(layers.Flatten()(pictures))
    model = keras.Model(pictures, layers.Dense(3, activation="softmax")(x))
    folder = explained(write_untrained(tmp_path / "run", model, Recipe("flat"), NAMES, 4))
    assert json.loads((folder / "explanation.json").read_text()) == {"gradcam": None, "first_layer": None}
    assert [row["role"] for row in read_rows(folder / "explained.csv")] == ["channels"]
    assert read_rows(folder / "activations.csv") == []


@pytest.mark.slow
def test_explaining_trains_nothing_again_and_is_found_again(exported: Project):
    assert "ExplainModel" not in exported.built(pipeline.EvaluateModel, recipe="quick")
    assert exported.built(pipeline.ExplainModel, recipe="quick") == {"ExplainModel"}
    assert exported.built(pipeline.ExplainModel, recipe="quick") == set()
    drawn = exported.built(pipeline.PlotRun, recipe="quick")
    assert "ExplainModel" not in drawn
    plots_dir = exported.home / "latest/runs/quick/plots"
    layers = read_rows(exported.home / "latest/runs/quick/explain/activations.csv")
    assert len(list((plots_dir / "channels").glob("*.png"))) == len(layers) > 5
