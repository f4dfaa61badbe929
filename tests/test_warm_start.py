"""A training that goes on from another recipe's weights, with some layers frozen."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured

import pipeline
from datasets.errors import UserError
from models.recipes.lookup import resolve


@pytest.fixture
def started(project: Project) -> Project:
    """A project with the recipe `second`, which goes on from `quick`."""
    project.settings["recipe:second"] = {
        "base": "quick",
        "start_from": "quick",
        "frozen_layers": "convolution_*, dense_1",
    }
    return project


def model_of(project: Project, recipe: str):
    import keras

    return keras.models.load_model(project.home / f"latest/runs/{recipe}/train/model.keras", compile=False)


def trained(project: Project) -> set[str]:
    return project.built(pipeline.TrainModel, recipe="second")


def runs_of(project: Project) -> list[Path]:
    return sorted((project.home / "latest/runs").iterdir())


@pytest.mark.slow
def test_the_frozen_layers_are_the_first_recipes_and_the_others_went_on(started: Project) -> None:
    trained(started)
    assert [run.name for run in runs_of(started)] == ["quick", "second"]
    first, second = model_of(started, "quick"), model_of(started, "second")
    same = {
        layer.name: all(map(np.array_equal, layer.get_weights(), second.get_layer(layer.name).get_weights()))
        for layer in first.layers
        if layer.weights
    }
    assert same == {
        **{f"convolution_{number}": True for number in range(1, 6)},
        **{"dense_1": True, "dense_2": False, "probabilities": False},
    }
    first_kernel, second_kernel = (model.get_layer("dense_2").get_weights()[0] for model in (first, second))
    assert np.abs(first_kernel - second_kernel).max() < 0.05  # not far: it started there


def test_what_replaces_the_recipes_options_holds_for_the_start_too(started: Project) -> None:
    with configured(started.settings):
        second = pipeline.TrainModel(dataset="tiny", recipe="second", epochs=3, seed=5)
        start = second.inputs()["start"].stage
    assert (start.recipe, start.epochs, start.seed) == ("quick", 3, 5)


@pytest.mark.slow
def test_the_summary_counts_what_was_trained_and_what_was_frozen(started: Project) -> None:
    trained(started)
    counts = json.loads((started.home / "latest/runs/second/train/training.json").read_text())
    assert counts["trainable_parameters"] == (256 * 128 + 128) + (128 * 3 + 3)
    assert counts["trainable_parameters"] + counts["frozen_parameters"] == counts["parameters"]


@pytest.mark.slow
def test_the_second_follows_the_first(started: Project) -> None:
    trained(started)
    started.settings["recipe:second"]["learning_rate"] = "0.01"
    assert trained(started) == {"TrainModel"}
    started.settings["recipe:quick"]["seed"] = "3"
    outcome = started.build(pipeline.TrainModel, recipe="second")
    assert len([entry for entry in outcome.ran if entry.built]) == 2
    assert trained(started) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"frozen_layers": "block_*"}, "has no layer block_*. Those with weights are convolution_1, convolution_2"),
        ({"frozen_layers": "*"}, "frozen_layers leaves nothing to train"),
    ],
)
def test_layers_that_cannot_be_frozen_are_told(started: Project, options: dict[str, str], message: str) -> None:
    started.settings["recipe:second"] |= options
    assert message in started.error(pipeline.TrainModel, recipe="second")


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"mine": {"start_from": "mine"}}, "recipe mine starts from itself: mine -> mine"),
        (
            {"mine": {"start_from": "other"}, "other": {"start_from": "mine"}},
            "recipe mine starts from itself: mine -> other -> mine",
        ),
        (
            {"mine": {"start_from": "a"}, "a": {"start_from": "b"}, "b": {"base": "a"}},
            "recipe b starts from itself: b -> b",
        ),
        ({"mine": {"start_from": "plian"}}, "there is no recipe 'plian': did you mean 'plain'"),
        ({"mine": {"frozen_layers": "dense_1"}}, "frozen_layers = dense_1 does nothing without start_from"),
        (
            {"mine": {"start_from": "bad"}, "bad": {"swa": "0.2", "ema": "0.9"}},
            r"recipe bad: ema = 0.9 does not go with swa = 0\.2",
        ),
    ],
)
def test_a_start_that_leads_nowhere_is_refused(sections: dict[str, dict[str, str]], message: str) -> None:
    with pytest.raises(UserError, match=message):
        resolve("mine", sections, {})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"network": "seven_convolutions"}, "network is seven_convolutions here, and five_convolutions there"),
        ({"widths": "8,8,8,8,8"}, "widths is 8,8,8,8,8 here, and 32,32,64,64,64 there"),
        ({"output": "binary"}, "output is binary here, and softmax there"),
        ({"normalisation": "double"}, "normalisation is double here, and unit there"),
        ({"start_from": "wide-resnet", "network": "wide_residual", "depth": "22"}, "depth is 22 here, and 16 there"),
        ({"start_from": "frozen-vgg16"}, "start_from = frozen-vgg16: frozen-vgg16 has a backbone"),
        ({"start_from": "unfit", "normalisation": "double"}, "recipe unfit: start_from = plain: the two networks"),
    ],
)
def test_a_start_that_does_not_fit_is_refused_before_it_is_trained(options: dict[str, str], message: str) -> None:
    sections = {"mine": {"start_from": "plain"} | options, "unfit": {"start_from": "plain", "normalisation": "double"}}
    with pytest.raises(UserError, match=message):
        resolve("mine", sections, {})


def test_widths_that_are_the_networks_own_fit_it() -> None:
    sections = {"mine": {"start_from": "plain", "widths": "32,32,64,64,64"}}
    assert resolve("mine", sections, {}).start_from == "plain"
