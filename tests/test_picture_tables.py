"""Tests the two tables of test pictures: those named wrong, and those named right with doubt."""

from pathlib import Path

import numpy as np
import pytest

from datasets.tables import read_rows
from models.evaluation.picture_tables import write_mistakes

CLASSES = ["cat", 'dog, "wet"', "<script>alert(1)</script>"]


def rows_of(table: Path) -> list[list[str]]:
    return list(read_rows(table))


def answers(count: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Returns paths, labels and probabilities of so many pictures, some of them right."""
    random = np.random.default_rng(3)
    labels = np.arange(count) % len(CLASSES)
    probabilities = random.dirichlet(np.ones(len(CLASSES)), count) + np.eye(len(CLASSES))[labels] / 4
    probabilities = (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32)
    return [f"test/a, b/{label}_{place}.png" for place, label in enumerate(labels)], labels, probabilities


def test_every_mistake_is_listed_with_both_probabilities_the_most_confident_first(tmp_path: Path) -> None:
    paths, labels, probabilities = answers(300)
    write_mistakes(tmp_path, paths, labels, probabilities, CLASSES)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    assert 50 < len(wrong) < 250
    expected = [
        [paths[place], CLASSES[labels[place]], CLASSES[said.argmax()], str(said[labels[place]]), str(said.max())]
        for place in sorted(wrong, key=lambda place: -probabilities[place].max())
        for said in [probabilities[place]]
    ]
    assert rows_of(tmp_path / "mistakes.csv") == expected


def test_what_is_right_is_listed_with_the_runner_up_the_least_sure_first(tmp_path: Path) -> None:
    paths, labels, probabilities = answers(300)
    write_mistakes(tmp_path, paths, labels, probabilities, CLASSES)
    rows = rows_of(tmp_path / "doubtful.csv")
    assert len(rows) == 300 - len(rows_of(tmp_path / "mistakes.csv"))
    assert [float(row[3]) for row in rows] == sorted(float(row[3]) for row in rows)
    for path, true, runner_up, *shares in rows:
        place = paths.index(path)
        _, second, first = np.argsort(probabilities[place])
        assert (labels[place], true, runner_up) == (first, CLASSES[first], CLASSES[second])
        assert shares == [str(probabilities[place, label]) for label in (first, second)]


@pytest.mark.parametrize("label", [0, 1], ids=["all right", "all wrong"])
def test_of_two_classes_the_other_one_is_the_runner_up(tmp_path: Path, label: int) -> None:
    """A tie goes to the first class, as everywhere."""
    probabilities = np.array([[0.5, 0.5], [0.75, 0.25]], np.float32)
    write_mistakes(tmp_path, ["a", "b"], np.full(2, label), probabilities, ["cat", "dog"])
    wrong = [["b", "dog", "cat", "0.25", "0.75"], ["a", "dog", "cat", "0.5", "0.5"]]
    right = [["a", "cat", "dog", "0.5", "0.5"], ["b", "cat", "dog", "0.75", "0.25"]]
    assert rows_of(tmp_path / "mistakes.csv") == (wrong if label else [])
    assert rows_of(tmp_path / "doubtful.csv") == ([] if label else right)
