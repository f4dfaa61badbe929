"""Tests that saved models load in plain Keras, in a process that has nothing of this project."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.building.assembly import assemble
from models.evaluation.prediction import predict
from models.recipes.recipe import Recipe
from models.training.train import train_on
from models.training_input import Pictures

pytestmark = pytest.mark.slow

# Each family, as small as it comes, since learning is compiled again for each.
FAMILIES = {
    "cifar_vgg": {"widths": (4, 4, 4, 4, 4), "convolution_dropout": (0.2,)},
    "coarse": {"widths": (4, 4, 4), "weight_penalty": 1e-4},
    "fine": {"widths": (4, 4, 4), "weight_penalty": 1e-4},
    "five_convolutions": {},
    "pets": {"output": "binary", "dense_dropout": 0.5},
    "residual": {"depth": 8, "dropblock": 0.1},
    "seven_convolutions": {"normalisation": "double", "precision": "float32", "scales": (0.75, 1.0)},
    "three_blocks": {"convolution_dropout": (0.25,), "widths": (4, 4, 4)},
    "vit": {"depth": 1, "dense_dropout": 0.1},
    "whitened": {"widths": (4, 4, 4), "scales": (0.5, 0.75)},
    "wide_residual": {"depth": 10, "widths": (4, 6, 8)},
}
HARDEST = {"precision": "mixed_bfloat16", "normalisation": "standardised"}
RECIPES = {network: Recipe(network, network=network, **HARDEST | options) for network, options in FAMILIES.items()}
RECIPES["plain"] = Recipe("plain")
PLAIN_KERAS = """
import os, sys
from pathlib import Path
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.modules |= dict.fromkeys(("models", "datasets", "pipeline", "reports"))  # as if they were not installed
import keras, numpy as np
pixels = np.load("pixels.npy")
for path in Path().glob("*/model.keras"):
    np.save(path.with_name("said.npy"), keras.models.load_model(path).predict(pixels, verbose=0))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of trained models, each in a folder of its recipe's name beside what plain Keras predicts with it."""
    folder = tmp_path_factory.mktemp("saved")
    pixels = np.random.default_rng(0).integers(0, 256, (8, 48, 48, 3), np.uint8)
    np.save(folder / "pixels.npy", pixels)
    for name, recipe in RECIPES.items():
        classes = 2 if recipe.output == "binary" else 3
        pictures = Pictures(pixels, (np.arange(8) % classes).astype(np.int32))
        (folder / name).mkdir()
        once = replace(recipe, epochs=1, batch_size=8)
        train_on(
            pictures, None, once, lambda r=once, n=classes: assemble(r, pixels, n), folder / name, lambda line: None
        )
    subprocess.run([sys.executable, "-I", "-c", PLAIN_KERAS], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("name", RECIPES)
def test_plain_keras_loads_it_and_gives_the_probabilities_that_we_give_for_stored_pixels(
    folder: Path, name: str
) -> None:
    said = np.load(folder / name / "said.npy")
    if RECIPES[name].output == "binary":
        assert said.shape == (8, 1)
        assert ((said >= 0) & (said <= 1)).all()
    else:
        assert said.shape == (8, 3)
        np.testing.assert_allclose(said.sum(axis=1), 1, rtol=1e-5)
    ours = predict(folder / name / "model.keras", np.load(folder / "pixels.npy"))
    np.testing.assert_allclose(said, ours[:, -said.shape[1] :], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", RECIPES)
def test_only_stock_layers_are_saved_and_nothing_of_how_it_learnt(folder: Path, name: str) -> None:
    with zipfile.ZipFile(folder / name / "model.keras") as archive:
        model = json.loads(archive.read("config.json"))
    assert not model["compile_config"]
    for layer in model["config"]["layers"]:
        assert layer["module"] == "keras.layers"
        assert layer["registered_name"] is None
        assert layer["class_name"] != "Lambda"
