"""Trains a head on what a backbone saw, joins the two, and trains the last layers of the backbone with it.

Reads features and a pack; writes what a training writes.
"""

import importlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from datasets.errors import UserError
from datasets.pack import read_classes
from models.backbones.backbone import base_of
from models.backbones.features import BACKBONE
from models.backbones.pretrained import is_random, random_warning
from models.backend import prepare_tensorflow
from models.building.assembly import name_classes
from models.building.freezing import count_parameters
from models.building.fresh_start import started_anew
from models.evaluation.run_classes import classes_of, predicting, write_classes
from models.input import Pictures, read_pictures
from models.recipes.phases import of_fine_tuning, of_head
from models.recipes.recipe import Recipe
from models.training.train import Say, train, train_on

if TYPE_CHECKING:
    import keras


def train_head(
    recipe: Recipe, features_dir: Path, pack_dir: Path, folder: Path, validation: str, say: Say = print
) -> None:
    """Train on the features of the training pictures, and validate on those of another subset."""
    training, validating = (_read_features(features_dir, pack_dir, subset) for subset in ("train", validation))
    width, class_count = training.pixels.shape[1], len(read_classes(pack_dir))
    if is_random(recipe):
        say(random_warning(recipe))
    train_on(training, validating, of_head(recipe), lambda: new_head(recipe, width, class_count), folder, say)


def new_head(recipe: Recipe, width: int, class_count: int) -> "keras.Model":
    """The untrained head: so many features in, a probability a class out."""
    from keras import Input, Model

    network = importlib.import_module(f"models.networks.{recipe.network}")
    with started_anew(recipe):
        features = Input((width,), name="features")
        seen = network.body(recipe, features, (width,))
        return Model(features, name_classes(recipe, seen, class_count), name="head")


def write_joined(recipe: Recipe, features_dir: Path, head_dir: Path, pack_dir: Path, folder: Path) -> None:
    """The trained head on its frozen backbone as one model, with the history and the summary of the head."""
    prepare_tensorflow()
    classes = classes_of(recipe, read_classes(pack_dir))
    write_classes(classes, folder)
    for head_keras in head_dir.glob("*.keras"):  # the model, and where the recipe wants it, its most accurate epoch
        model = predicting(_join_saved(features_dir, head_keras), classes)
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
    """Go on from the trained head, on pictures, with the last `unfreeze` layers of the backbone."""

    def new_model(tuning: Recipe, pixels: np.ndarray, class_count: int) -> "keras.Model":
        with started_anew(tuning):
            model = _join_saved(features_dir, head_dir / "model.keras")
        unfreeze_last_layers(recipe, model)
        return model

    train(of_fine_tuning(recipe), pack_dir, folder, validation, say, new_model)
    _count_seconds_of_head(head_dir, folder)


def _count_seconds_of_head(head_dir: Path, folder: Path) -> None:
    """A training that ended before it was killed is found again, its head's seconds perhaps counted."""
    summary, of_head = _read_summary(folder), _read_summary(head_dir)
    if "head_seconds" not in summary:
        seconds = {"train_seconds": summary["train_seconds"] + of_head["train_seconds"]}
        _write_summary(folder, summary | seconds | {"head_seconds": of_head["train_seconds"]})


def unfreeze_last_layers(recipe: Recipe, model: "keras.Model") -> None:
    """Have so many of the backbone's last layers learn; refuse a number that holds none with weights."""
    base = base_of(model)
    base.trainable = True
    learning = [bool(layer.trainable_weights) for layer in reversed(base.layers)]
    if not any(learning[: recipe.unfreeze]):
        least = learning.index(True) + 1 if any(learning) else 0
        raise UserError(
            f"recipe {recipe.name}: unfreeze = {recipe.unfreeze}: the last layers of {base.name} have no weights to "
            f"train; give {f'{least} or more' if least else '0, for none of its layers has'}"
        )
    for layer in base.layers[: -recipe.unfreeze]:
        layer.trainable = False


def join(backbone: "keras.Model", head: "keras.Model") -> "keras.Model":
    """Pictures in as they are stored, probabilities out."""
    from keras import Model

    seen = backbone.output
    for layer in head.layers[1:]:  # a chain, after its input
        seen = layer(seen)
    return Model(backbone.input, seen, name=base_of(backbone).name)


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
