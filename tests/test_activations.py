"""Tests how the channels' maps of a picture are kept."""

import numpy as np
import pytest
from small_networks import PICTURE, assembled, red_and_green

from models.backend import prepare_tensorflow
from models.explanation.activations import all_channels, enlarged_channels
from models.explanation.layer_calls import calls_of, maps_among
from models.recipes.recipe import Recipe


@pytest.fixture(scope="module", autouse=True)
def _tensorflow() -> None:
    prepare_tensorflow()


def test_each_channel_is_scaled_to_its_own_range_and_a_flat_one_is_dark():
    maps = maps_among(calls_of(red_and_green(), PICTURE * 0 + np.array([7, 0, 0], np.uint8)))
    assert all((channels == 0).all() for channels in all_channels(maps))
    red, green = all_channels(maps_among(calls_of(red_and_green(), PICTURE)))[-1]
    np.testing.assert_array_equal(red, [[0, 85], [170, 255]])
    np.testing.assert_array_equal(green, [[0, 0], [128, 255]])


def test_maps_are_shrunk_only_where_they_are_too_many(monkeypatch):
    maps = maps_among(
        calls_of(assembled(Recipe("plain"), 48), np.arange(48 * 48 * 3, dtype=np.uint8).reshape(1, 48, 48, 3))
    )
    assert [channels.shape for channels in all_channels(maps)] == [
        (one.channels, one.rows, one.columns) for one in maps
    ]
    monkeypatch.setattr("models.explanation.activations.MOST_BYTES", 90_000)
    shrunk = all_channels(maps)
    assert max(channels.shape[1] for channels in shrunk) == 24
    assert sum(channels.size for channels in shrunk) <= 90_000


def test_a_convolution_with_few_channels_shows_its_last_two():
    maps = maps_among(
        calls_of(assembled(Recipe("plain", widths=(5, 8, 8, 8, 8)), 16), np.zeros((1, 16, 16, 3), np.uint8))
    )
    by_name = {one.call.layer.name: one for one in maps}
    assert enlarged_channels(by_name["convolution_1"])[0] == (3, 4)
    assert enlarged_channels(by_name["convolution_2"])[0] == (4, 7)
