"""Trains a head on the features of a backbone, joins the two, and trains the last layers of the backbone with it.

Reads features and a pack. Writes what a training writes.
"""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from datasets.pack import read_classes
from models.backbones.backbone import base_of
from models.backbones.features import BACKBONE
from models.backbones.pretrained import is_random
from models.backend import fresh_keras, prepare_tensorflow
from models.building.freezing import count_parameters, unfreeze_last_layers
from models.building.probabilities import add_probabilities
from models.evaluation.run_classes import classes_of, with_summed_classes, write_classes
from models.networks.catalog import find_network
from models.recipes.backbone_trainings import fine_tuning_recipe, head_recipe
from models.recipes.recipe import Recipe
from models.training.progress import Say, warn_of_random_backbone
from models.training.train import train, train_on
from models.training_input import Pictures, read_pictures

if TYPE_CHECKING:
    import keras


def train_head(
    recipe: Recipe, features_dir: Path, pack_dir: Path, folder: Path, validation: str, say: Say = print
) -> None:
    """Trains on the features of the training pictures, and validates on those of another subset."""
    training, validating = (_read_features(features_dir, pack_dir, subset) for subset in ("train", validation))
    width, class_count = training.pixels.shape[1], len(read_classes(pack_dir))
    if is_random(recipe):
        warn_of_random_backbone(recipe, say)
    train_on(training, validating, head_recipe(recipe), lambda: new_head(recipe, width, class_count), folder, say)


def new_head(recipe: Recipe, width: int, class_count: int) -> "keras.Model":
    """Returns the untrained head, which takes so many features and gives a probability for each class."""
    from keras import Input, Model

    with fresh_keras(recipe):
        features = Input((width,), name="features")
        x = find_network(recipe.network).body(recipe, features, (width,))
        return Model(features, add_probabilities(recipe, x, class_count), name="head")


def write_joined(recipe: Recipe, features_dir: Path, head_dir: Path, pack_dir: Path, folder: Path) -> None:
    """Writes the trained head on its frozen backbone as one model, with the history and the summary of the head."""
    prepare_tensorflow()
    classes = classes_of(recipe, read_classes(pack_dir))
    write_classes(classes, folder)
    for head_keras in head_dir.glob("*.keras"):  # the model, and its most accurate epoch if the recipe keeps that
        model = with_summed_classes(_join_saved(features_dir, head_keras), classes)
        model.save(folder / head_keras.name)
    shutil.copy(head_dir / "history.csv", folder)
    _write_summary(folder, _read_summary(head_dir) | count_parameters(model))


def fine_tune(
    recipe: Recipe,
    features_dir: Path,
    head_dir: Path,
    pack_dir: Path,
    folder: Path,
    validation: str,
    say: Say = print,
) -> None:
    """Trains the joined head and the last `unfreeze` layers of the backbone further, on pictures."""

    def new_model(tuning: Recipe, pixels: np.ndarray, class_count: int) -> "keras.Model":
        with fresh_keras(tuning):
            model = _join_saved(features_dir, head_dir / "model.keras")
        unfreeze_last_layers(recipe, model)
        return model

    train(fine_tuning_recipe(recipe), pack_dir, folder, validation, say, new_model)
    _add_head_seconds(head_dir, folder)


def _add_head_seconds(head_dir: Path, folder: Path) -> None:
    """Adds the seconds of the head to the summary, unless a call that was killed afterwards did so before."""
    summary, head_seconds = _read_summary(folder), _read_summary(head_dir)["train_seconds"]
    if "head_seconds" not in summary:
        seconds = {"train_seconds": summary["train_seconds"] + head_seconds, "head_seconds": head_seconds}
        _write_summary(folder, summary | seconds)


def join(backbone: "keras.Model", head: "keras.Model") -> "keras.Model":
    """Returns one model, which takes pictures as they are stored and gives probabilities."""
    from keras import Model

    x = backbone.output
    for layer in head.layers[1:]:  # a chain, after its input
        x = layer(x)
    return Model(backbone.input, x, name=base_of(backbone).name)


def _join_saved(features_dir: Path, head_keras: Path) -> "keras.Model":
    from keras import models

    return join(*(models.load_model(path, compile=False) for path in (features_dir / BACKBONE, head_keras)))


def _read_summary(folder: Path) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    return summary


def _write_summary(folder: Path, summary: dict[str, Any]) -> None:
    (folder / "training.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


def _read_features(features_dir: Path, pack_dir: Path, subset: str) -> Pictures:
    labels = read_pictures(pack_dir, subset).labels
    return Pictures(np.load(features_dir / f"{subset}.npy", mmap_mode="r"), labels)
