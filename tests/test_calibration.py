"""The calibration of a run: the bins, the error, and the sentence on them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from datasets.tables import write_rows
from models.evaluation.calibration import BIN_COUNT, HEADER, bin_probabilities, calibration_error
from models.evaluation.scores import wilson_interval
from reports.drawing.reliability import draw_reliability
from reports.facts.calibration import Calibration, read_calibration


@pytest.fixture
def answers() -> tuple[np.ndarray, np.ndarray]:
    """Returns 500 probabilities, few below 0.2, and whether each was right, as often as it says."""
    random = np.random.default_rng(2)
    probabilities = np.sqrt(random.random(500)).astype(np.float32)
    return probabilities, random.random(500) < probabilities


@pytest.mark.slow
def test_the_bins_are_scikit_learns(answers: tuple[np.ndarray, np.ndarray]) -> None:
    from sklearn.calibration import calibration_curve

    probabilities, is_right = answers
    accuracy, mean_probability = calibration_curve(is_right, probabilities, n_bins=BIN_COUNT)
    held = [one for one in bin_probabilities(probabilities, is_right) if one.picture_count]
    np.testing.assert_allclose([one.accuracy for one in held], accuracy)
    np.testing.assert_allclose([one.mean_probability for one in held], mean_probability, rtol=1e-6)


def test_the_error_is_the_gap_that_a_picture_has_on_average(answers: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, is_right = answers
    bin_of = np.ceil(probabilities * BIN_COUNT)
    sums = [(probabilities - is_right)[bin_of == place].sum() for place in range(BIN_COUNT + 1)]
    found = calibration_error(bin_probabilities(probabilities, is_right))
    assert found == pytest.approx(np.abs(sums).sum() / 500, abs=1e-6)
    assert 0.01 < found < 0.1


def test_a_bin_holds_its_upper_edge_and_a_sum_just_above_one_is_in_the_last() -> None:
    bins = bin_probabilities(
        np.array([0, 3 / BIN_COUNT, 1, np.nextafter(np.float32(1), np.float32(2))]), np.ones(4, bool)
    )
    assert [place for place, one in enumerate(bins) if one.picture_count] == [0, 2, BIN_COUNT - 1]


def test_an_empty_bin_has_bounds_and_no_more() -> None:
    first, *_, last = bin_probabilities(np.array([0.99, 0.97]), np.array([True, False]))
    assert first[2:] == (0, None, None, None, None)
    assert last[2:] == pytest.approx((2, 0.98, 0.5, *wilson_interval(1, 2)))
    assert (first.low, last.high) == (0, 1)


def calibration_of(folder: Path, probabilities: np.ndarray, is_right: np.ndarray) -> Calibration:
    bins, right = bin_probabilities(probabilities, is_right), int(is_right.sum())
    low, high = wilson_interval(right, len(is_right))
    metrics = {"accuracy": right / len(is_right), "accuracy_low": low, "accuracy_high": high}
    (folder / "metrics.json").write_text(json.dumps(metrics | {"calibration_error": calibration_error(bins)}))
    write_rows(folder / "calibration.csv", HEADER, bins)
    return read_calibration(folder)


def test_a_run_that_is_right_as_often_as_it_says_is_told_so(
    tmp_path: Path, answers: tuple[np.ndarray, np.ndarray]
) -> None:
    found = calibration_of(tmp_path, *answers)
    assert found.mean_probability == pytest.approx(answers[0].mean())
    assert found.sentence.startswith("Overall its probabilities agree with its accuracy: on average it is 66% sure")
    assert sum(one.count for one in found.bins) == 500


def test_a_run_that_promises_too_much_is_too_sure_of_itself(tmp_path: Path) -> None:
    found = calibration_of(tmp_path, np.full(200, 0.95), np.arange(200) % 25 < 21)
    assert found.sentence == (
        "It is too sure of itself: on average it is 95% sure of its answer, and 84% of its answers are right "
        "(95% interval 78% to 88%). For example, it is 93% to 100% sure of 200 pictures, and names 84% of these right."
    )


def test_a_run_that_promises_too_little_is_not_sure_enough_of_itself(tmp_path: Path) -> None:
    sentence = calibration_of(tmp_path, np.full(200, 0.5), np.arange(200) % 10 > 0).sentence
    assert sentence.startswith("It is not sure enough of itself: on average it is 50% sure")
    assert sentence.endswith("For example, it is 47% to 53% sure of 200 pictures, and names 90% of these right.")


def test_the_example_is_the_heaviest_bin_whose_accuracy_is_beyond_it(tmp_path: Path) -> None:
    probabilities = np.repeat([0.99, 0.7, 0.55], [400, 60, 60])
    is_right = np.concatenate([np.arange(400) % 20 > 0, np.arange(60) % 2 > 0, np.arange(60) % 4 > 2])
    assert calibration_of(tmp_path, probabilities, is_right).sentence.endswith(
        "53% to 60% sure of 60 pictures, and names 25% of these right."
    )


def test_of_few_pictures_nothing_is_concluded(tmp_path: Path) -> None:
    sentence = calibration_of(tmp_path, np.array([0.9, 0.8]), np.array([True, False])).sentence
    assert sentence.startswith("Overall its probabilities agree with its accuracy")


def test_probabilities_that_are_no_numbers_are_said_to_be_none_and_still_drawn(tmp_path: Path) -> None:
    found = calibration_of(tmp_path, np.full(3, math.nan), np.array([True, False, True]))
    assert found.sentence == "Its probabilities are not numbers, so nothing can be said about them."
    draw_reliability(tmp_path, tmp_path / "reliability.png", "plain")


@pytest.mark.slow
@pytest.mark.parametrize("accuracy", [0, 1], ids=["all wrong", "all right"])
def test_the_plot_is_small_and_has_the_same_bytes_twice(tmp_path: Path, accuracy: int) -> None:
    calibration_of(tmp_path, np.linspace(0.5, 1, 50), np.full(50, bool(accuracy)))
    for name in ("first.png", "second.png"):
        draw_reliability(tmp_path, tmp_path / name, r"$\oops{$ <b>")
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()
    assert (tmp_path / "first.png").stat().st_size < 60_000
