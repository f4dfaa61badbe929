"""The test pictures behind the cells of the confusion matrices, and the one sheet that shows them."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reports.facts.confusion import MOST_OF_A_CELL, Predictions, rank_pictures
from reports.pictures.sprites import COLUMNS, Sprites, draw_sprites


def run(*judged: tuple[int, int, float]) -> tuple[np.ndarray, Predictions]:
    """Returns pictures at the places 0, 1, …, each with its label, the predicted label and its probability."""
    labels, predicted, probabilities = map(np.array, zip(*judged, strict=True))
    places = np.arange(len(judged))
    return places, Predictions([str(place) for place in places], labels, predicted, probabilities)


def decode(sprites: Sprites) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(sprites.uri.partition(",")[2]))).convert("RGB"))


@pytest.fixture(scope="module")
def pack_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand pictures, each of one colour, and as many of noise."""
    folder = tmp_path_factory.mktemp("pack")
    random = np.random.default_rng(0)
    flat = np.broadcast_to(random.integers(0, 256, (1000, 1, 1, 3), dtype=np.uint8), (1000, 32, 32, 3))
    np.save(folder / "test_pixels.npy", np.concatenate([flat, random.integers(0, 256, flat.shape, dtype=np.uint8)]))
    return folder


def test_each_cell_shows_its_surest_mistake_before_any_shows_two_and_large_cells_go_first() -> None:
    judged = run((0, 1, 0.5), (0, 2, 0.6), (0, 1, 0.9), (0, 1, 0.7))
    assert rank_pictures([judged]).tolist() == [2, 1, 3, 0]


def test_right_pictures_come_after_all_mistakes() -> None:
    assert rank_pictures([run((0, 0, 0.99), (0, 1, 0.3), (0, 1, 0.2))]).tolist() == [1, 2, 0]


def test_a_picture_that_several_runs_mistake_is_there_once() -> None:
    first, second = run((0, 1, 0.9), (0, 1, 0.5)), run((0, 1, 0.5), (0, 1, 0.9))
    assert rank_pictures([first, second]).tolist() == [0, 1]


def test_no_cell_asks_for_more_than_it_can_show() -> None:
    assert len(rank_pictures([run(*[(0, 1, 0.5)] * 40)])) == MOST_OF_A_CELL


def test_without_predictions_there_is_nothing_to_show(pack_dir: Path) -> None:
    nothing = np.empty(0, np.int64)
    places = rank_pictures([(nothing, Predictions([], nothing, nothing, nothing))])
    assert draw_sprites(pack_dir, places, 1000) is None


def test_every_picture_is_in_its_place_on_the_sheet(pack_dir: Path) -> None:
    places = np.arange(999, -1, -1)
    sprites = draw_sprites(pack_dir, places, 1_000_000)
    assert sprites is not None
    assert (sprites.count, sprites.width, sprites.height) == (1000, 64, 64)
    pixels, sheet = np.load(pack_dir / "test_pixels.npy"), decode(sprites)
    for position in (0, COLUMNS - 1, COLUMNS, 999):
        row, column = divmod(position, COLUMNS)
        shown = sheet[32 * row + 8 : 32 * row + 24, 32 * column + 8 : 32 * column + 24].astype(int)
        assert np.abs(shown - pixels[places[position], 8:24, 8:24]).max() < 12


def test_the_sheet_is_filled_up_to_its_budget_and_no_further(pack_dir: Path) -> None:
    sprites = draw_sprites(pack_dir, np.arange(1000, 2000), 300_000)
    assert sprites is not None
    assert 250_000 < len(sprites.uri) <= 300_000
    assert 0 < sprites.count < 1000
