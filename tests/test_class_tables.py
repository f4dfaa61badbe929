"""Tests the tables made from a confusion matrix: shares with intervals, scikit-learn's report, and confused pairs."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from datasets.tables import read_rows
from models.evaluation import scores
from models.evaluation.class_tables import write_class_tables

CLASSES = ("cat", 'dog, "wet"', "<script>alert(1)</script>", "frog")


def tables_of(folder: Path, labels: np.ndarray, predicted: np.ndarray, classes: tuple[str, ...] = CLASSES) -> Path:
    write_class_tables(folder, classes, scores.count_confusion(labels, predicted, len(classes)))
    return folder


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def numbers(row: list[str]) -> list[float]:
    return [float(cell) if cell else math.nan for cell in row]


@pytest.fixture
def answers() -> tuple[np.ndarray, np.ndarray]:
    """Returns 200 labels and answers, half of them right; no picture is of the last class, none is named the third."""
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, 200)
    guesses = np.where(random.random(200) < 0.5, labels, random.integers(0, 4, 200))
    return labels, np.where(guesses == 2, 3, guesses)


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (3, 7), (50, 50), (0, 40), (812, 1000)])
def test_a_share_has_wilsons_interval(part: int, whole: int) -> None:
    from scipy.stats import binomtest

    interval = binomtest(part, whole).proportion_ci(0.95, method="wilson")
    assert scores.share_of(part, whole) == pytest.approx((part / whole, interval.low, interval.high))


@pytest.mark.parametrize(("right", "missed", "taken"), [(8, 1, 3), (0, 4, 0), (5, 0, 0)])
def test_the_interval_of_f1_is_that_of_the_share_it_grows_with(right: int, missed: int, taken: int) -> None:
    found = scores.f1_of(right, missed + taken)
    low, high = scores.wilson_interval(right, right + missed + taken)
    assert found.value == pytest.approx(2 * right / (2 * right + missed + taken))
    assert (found.low, found.high) == pytest.approx((2 * low / (1 + low), 2 * high / (1 + high)))


def test_the_scores_of_each_class_are_scikit_learns(tmp_path: Path, answers: tuple[np.ndarray, np.ndarray]) -> None:
    from sklearn.metrics import precision_recall_fscore_support

    expected = precision_recall_fscore_support(*answers, labels=range(4), zero_division=np.nan)
    tables_of(tmp_path, *answers)
    found = [
        numbers([row[name] for name in ("precision", "recall", "f1", "count")])
        for row in rows_of(tmp_path / "per_class.csv")
    ]
    np.testing.assert_allclose(np.transpose(found), expected)


def test_the_report_is_scikit_learns(tmp_path: Path, answers: tuple[np.ndarray, np.ndarray]) -> None:
    from sklearn.metrics import classification_report

    report = classification_report(
        *answers, labels=range(4), target_names=CLASSES, zero_division=np.nan, output_dict=True
    )
    shares = ("precision", "recall", "f1-score", "support")
    *classes, accuracy, macro, weighted = read_rows(tables_of(tmp_path, *answers) / "classification_report.csv")
    averages = [("macro avg", macro), ("weighted avg", weighted)]
    for name, row in [*zip(CLASSES, classes, strict=True), *averages]:
        np.testing.assert_allclose(numbers(row[1:]), [report[name][share] for share in shares])
    right = np.mean(answers[0] == answers[1])
    assert accuracy == ["accuracy", "", "", str(right), "200"]
    assert [macro[0], weighted[0]] == ["macro average", "weighted average"]


def test_a_share_of_nothing_is_an_empty_cell(tmp_path: Path, answers: tuple[np.ndarray, np.ndarray]) -> None:
    _, _, never_named, never_shown = rows_of(tables_of(tmp_path, *answers) / "per_class.csv")
    for end in ("", "_low", "_high"):
        assert never_named[f"precision{end}"] == never_shown[f"recall{end}"] == ""
    assert (never_named["recall"], never_shown["precision"]) == ("0.0", "0.0")
    assert (never_named["f1"], never_shown["f1"]) == ("0.0", "0.0")
    neither = rows_of(tables_of(tmp_path, np.zeros(3, int), np.zeros(3, int)) / "per_class.csv")[3]
    assert set(neither.values()) == {"frog", "0", ""}


@pytest.mark.parametrize("predicted", [[0, 1, 0], [1, 0, 1]], ids=["all right", "all wrong"])
def test_two_classes_all_right_or_all_wrong(tmp_path: Path, predicted: list[int]) -> None:
    tables_of(tmp_path, np.array([0, 1, 0]), np.array(predicted), ("cat", "dog"))
    right = float(predicted[0] == 0)
    for row in rows_of(tmp_path / "per_class.csv"):
        assert {float(row[share]) for share in ("precision", "recall", "f1")} == {right}
        assert float(row["recall_low" if right else "recall_high"]) not in (0, 1)
    report = list(read_rows(tmp_path / "classification_report.csv"))
    assert {float(cell) for row in report for cell in row[1:4] if cell} == {right}
    pairs = [["cat", "dog", "2", "1.0"], ["dog", "cat", "1", "1.0"]]
    assert list(read_rows(tmp_path / "confused.csv")) == ([] if right else pairs)


def test_pictures_of_one_class_all_named_as_another_leave_no_precision_to_weigh(tmp_path: Path) -> None:
    tables_of(tmp_path, np.zeros(3, int), np.ones(3, int))
    assert list(read_rows(tmp_path / "classification_report.csv"))[-1] == ["weighted average", "", "0.0", "0.0", "3"]


def test_the_pairs_are_those_of_the_matrix_the_most_frequent_first(
    tmp_path: Path, answers: tuple[np.ndarray, np.ndarray]
) -> None:
    pairs = rows_of(tables_of(tmp_path, *answers) / "confused.csv")
    matrix = {
        row[0]: dict(zip(CLASSES, map(int, row[1:]), strict=True)) for row in read_rows(tmp_path / "confusion.csv")
    }
    counts = [int(pair["count"]) for pair in pairs]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == (answers[0] != answers[1]).sum()
    for pair in pairs:
        of_class = matrix[pair["true"]]
        assert pair["true"] != pair["predicted"]
        assert int(pair["count"]) == of_class[pair["predicted"]]
        assert float(pair["share"]) == of_class[pair["predicted"]] / sum(of_class.values())
