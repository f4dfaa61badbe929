"""Tests DropBlock against its paper's formula, and that nothing of it is in what is measured and saved."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_pack import write_small_pack

from datasets.pack import read_subset
from models.building.assembly import assemble
from models.building.dropblock import new_dropblock, with_dropblock
from models.building.training_view import training_view
from models.model_digest import content_digest
from models.recipes.recipe import Recipe
from models.training.train import train_on
from models.training_input import Pictures

pytestmark = pytest.mark.slow

FAMILIES = (
    *("cifar_vgg", "coarse", "fine", "five_convolutions", "pets"),
    *("residual", "seven_convolutions", "three_blocks", "whitened", "wide_residual"),
)
DROPPING = Recipe("dropping", dropblock=0.2, batch_size=16, epochs=2)


def shown(share: float, size: int, shape: tuple[int, ...]) -> np.ndarray:
    """Returns what the layer makes of ones while a network learns."""
    return np.asarray(new_dropblock(share, size, seed=3)(np.ones(shape, np.float32), training=True))


@pytest.mark.parametrize(("share", "size", "side"), [(0.1, 3, 8), (0.25, 1, 4), (0.2, 5, 16), (0.1, 7, 4)])
def test_as_many_squares_begin_as_the_paper_has_it(share, size, side):
    pictures, channels = 400, 16
    kept = shown(share, size, (pictures, side, side, channels)) > 0
    size = min(size, side)
    rate = share / size**2 * side**2 / (side - size + 1) ** 2
    # A corner of the picture lies in one square only, so it is dropped as often as one begins there.
    for corner in (kept[:, 0, 0], kept[:, -1, -1], kept[:, 0, -1]):
        deviation = (rate * (1 - rate) / corner.size) ** 0.5
        assert 1 - corner.mean() == pytest.approx(rate, abs=4 * deviation)


def test_what_is_dropped_are_whole_squares_within_the_picture_another_in_each_channel():
    holes = shown(0.05, 3, (64, 10, 10, 4)) == 0
    assert holes.any()
    windows = np.lib.stride_tricks.sliding_window_view(holes, (3, 3), axis=(1, 2))
    full = windows.all(axis=(-1, -2))
    covered = np.zeros_like(holes)
    for row, column in np.ndindex(3, 3):
        covered[:, row : row + 8, column : column + 8] |= full
    np.testing.assert_array_equal(covered, holes)
    assert not np.array_equal(holes[..., 0], holes[..., 1])


def test_what_is_left_makes_up_for_what_is_dropped():
    values = shown(0.3, 3, (8, 9, 9, 5))
    assert set(np.unique(values)) == {0, np.float32(values.size / np.count_nonzero(values))}
    assert values.sum() == pytest.approx(values.size, rel=1e-5)


def test_where_everything_is_dropped_nothing_is_left_and_no_value_stops_being_a_number():
    assert (shown(0.999, 3, (1, 2, 2, 1)) == 0).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_network_of_convolutions_learns_under_it_and_is_measured_without(family):
    recipe = Recipe("dropping", network=family, dropblock=0.2)
    pixels = np.random.default_rng(0).integers(0, 256, (3, 48, 48, 3), np.uint8)
    model = assemble(recipe, pixels, 3)
    view = with_dropblock(model, recipe)
    assert [weight.path for weight in view.trainable_variables] == [w.path for w in model.trainable_variables]
    added = [layer for layer in view.layers if layer not in model.layers and layer.name != "pictures"]
    assert len(added) >= 3
    assert {type(layer).__name__ for layer in added} == {"DropBlock"}
    np.testing.assert_array_equal(model(pixels), view(pixels))
    assert not np.array_equal(model(pixels, training=True), view(pixels, training=True))
    assert "DropBlock" not in model.to_json()


def test_blocks_end_where_a_picture_is_shrunk_or_averaged_and_pictures_themselves_stay_whole():
    recipe = replace(DROPPING, network="residual", widths=())
    view = with_dropblock(assemble(recipe, np.zeros((1, 32, 32, 3), np.uint8), 3), recipe)
    assert [layer.output.shape[1:] for layer in view.layers if type(layer).__name__ == "DropBlock"] == [
        (32, 32, 16),
        (16, 16, 32),
        (8, 8, 64),
    ]
    large = replace(DROPPING, network="seven_convolutions", widths=())
    view = with_dropblock(assemble(large, np.zeros((1, 96, 96, 3), np.uint8), 3), large)
    kinds = [type(layer).__name__ for layer in view.layers]
    assert kinds.index("AveragePooling2D") < kinds.index("Conv2D") < kinds.index("DropBlock")


def test_a_recipe_without_it_learns_without_holes():
    recipe = replace(DROPPING, dropblock=0.0)
    view = training_view(assemble(recipe, np.zeros((1, 32, 32, 3), np.uint8), 3), recipe)
    assert not [layer for layer in view.layers if type(layer).__name__ == "DropBlock"]


def run(recipe: Recipe, pack_dir: Path, folder: Path, stop: bool = False) -> Path:
    """Trains; returns the model's file."""
    folder.mkdir(exist_ok=True)
    training, validating = (Pictures(*read_subset(pack_dir, subset)) for subset in ("train", "val"))

    def say(line: str) -> None:
        if stop:
            raise InterruptedError(line)

    train_on(training, validating, recipe, lambda: assemble(recipe, training.pixels, 3), folder, say)
    return folder / "model.keras"


def layers_in(model: Path) -> list[str]:
    with zipfile.ZipFile(model) as archive:
        return [layer["class_name"] for layer in json.loads(archive.read("config.json"))["config"]["layers"]]


def test_a_training_that_was_stopped_goes_on_to_the_same_bits_and_leaves_stock_layers_only(tmp_path):
    pack_dir = write_small_pack(tmp_path / "pack", train=48, val=15)
    with pytest.raises(InterruptedError, match="epoch 1/2"):
        run(DROPPING, pack_dir, tmp_path / "broken", stop=True)
    broken, whole = (run(DROPPING, pack_dir, tmp_path / name) for name in ("broken", "whole"))
    assert content_digest(broken) == content_digest(whole)
    assert (tmp_path / "broken/history.csv").read_bytes() == (tmp_path / "whole/history.csv").read_bytes()
    without = run(replace(DROPPING, dropblock=0.0), pack_dir, tmp_path / "without")
    assert content_digest(without) != content_digest(whole)
    assert layers_in(whole) == layers_in(without)
