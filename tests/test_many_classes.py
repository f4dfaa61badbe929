"""A thousand classes: nothing takes memory for the whole table, and the page shows the classes that matter."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.evaluation.class_tables import write_class_tables
from models.evaluation.picture_tables import write_predictions
from models.explanation.explained_pictures import read_predicted
from reports.drawing.confusion import draw_confusion
from reports.facts.confusion import CHOSEN_CLASSES, choose_classes, read_predictions
from reports.table_values import Confusion

CLASSES = [f"class {label}" for label in range(1000)]
PICTURES = 600
MB = 1_000_000


@pytest.fixture(scope="module")
def predictions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The folder of a table of 600 pictures and 1,000 classes, and the bytes that it took to write it."""
    folder = tmp_path_factory.mktemp("evaluation")
    shares = np.random.default_rng(0).random((PICTURES, len(CLASSES)), dtype=np.float32)
    paths, labels = [f"test/{number}.png" for number in range(PICTURES)], np.arange(PICTURES)
    taken = most_bytes(
        lambda: write_predictions(folder / "predictions.csv", paths, labels, shares, CLASSES, averaged=None)
    )
    return folder, taken


def most_bytes(work: Callable[[], object]) -> int:
    """Returns the most memory that some work held at once."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_predictions_are_written_and_read_without_holding_the_table(predictions: tuple[Path, int]) -> None:
    folder, taken = predictions
    assert taken < 20 * MB
    assert most_bytes(lambda: read_predictions(folder)) < 2 * MB
    assert most_bytes(lambda: read_predicted(folder / "predictions.csv")) < 2 * MB


def test_the_picture_of_the_matrix_does_not_grow_with_the_classes(tmp_path: Path) -> None:
    write_class_tables(tmp_path, CLASSES, np.eye(len(CLASSES), dtype=np.int64) * 50)
    draw_confusion(tmp_path / "confusion.csv", tmp_path / "confusion.png", "plain")
    with Image.open(tmp_path / "confusion.png") as picture:
        assert max(picture.size) < 2000


def test_neighbouring_classes_are_summed_where_there_are_more_than_cells() -> None:
    counts = np.array([[4, 0, 0, 0], [0, 2, 2, 0], [0, 0, 4, 0], [0, 0, 4, 0]])
    assert Confusion(("a", "b", "c", "d"), counts).in_blocks(2).tolist() == [[0.75, 0.25], [0.0, 1.0]]
    assert Confusion(("a", "b", "c", "d"), counts).in_blocks(4)[1].tolist() == [0.0, 0.5, 0.5, 0.0]


def test_of_many_classes_the_page_shows_those_with_the_most_mistakes() -> None:
    counts = np.eye(1000, dtype=np.int64) * 50
    counts[700, 3] = counts[3, 999] = 5
    chosen = choose_classes(counts)
    assert len(chosen) == CHOSEN_CLASSES
    assert {3, 700, 999} <= set(chosen.tolist())
    assert choose_classes(np.eye(100, dtype=np.int64)).tolist() == list(range(100))
