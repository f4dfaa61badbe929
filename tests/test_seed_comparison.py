"""The claim that a difference is more than chance: rare where nothing changed, frequent where much did."""

import numpy as np
import pytest

from models.evaluation.seed_comparison import STUDENT_95, compare_accuracies, compare_seeds

SEED_SPREAD = 0.3  # by which a seed shifts the odds of every picture: 2 points of accuracy


def draw_side(random: np.random.Generator, ease: np.ndarray, seed_count: int, gain: float = 0.0) -> np.ndarray:
    """Returns which pictures each seed of a recipe names rightly."""
    odds = ease + gain + random.normal(0, SEED_SPREAD, (seed_count, 1))
    return random.random((seed_count, len(ease))) < 1 / (1 + np.exp(-odds))


def share_of_claims(seed_count: int, gain: float = 0.0, taste: float = 0.0, trials: int = 1000) -> float:
    """Returns how often a difference is claimed; with a taste, each side finds other pictures easy."""
    random, claims = np.random.default_rng(0), 0
    for _ in range(trials):
        ease = random.normal(3.4, 2.2, 300)
        first, second = (
            draw_side(random, ease + random.normal(0, taste, 300), seed_count, of_side) for of_side in (0.0, gain)
        )
        claims += compare_seeds(first, second).is_more_than_chance
    return claims / trials


@pytest.mark.parametrize("seed_count", [2, 3, 5, 10])
def test_where_nothing_changed_a_difference_is_claimed_in_at_most_one_of_twenty_cases(seed_count: int) -> None:
    assert share_of_claims(seed_count) < 0.065  # three standard errors of a thousand trials above 0.05


@pytest.mark.parametrize("seed_count", [3, 10])
def test_two_recipes_that_are_equally_good_on_other_pictures_are_not_told_apart_by_many_seeds(seed_count: int) -> None:
    assert share_of_claims(seed_count, taste=1.0) < 0.065


def test_a_large_difference_is_found_with_five_seeds() -> None:
    assert share_of_claims(5, gain=1.0, trials=200) > 0.9


def test_the_same_answers_and_a_single_picture_show_no_difference() -> None:
    same = np.array([[True, False, True], [True, True, False]])
    assert not compare_seeds(same, same).is_more_than_chance
    assert not compare_seeds(np.zeros((5, 1), bool), np.ones((5, 1), bool)).is_more_than_chance


def test_accuracies_alone_are_compared_by_students_test() -> None:
    difference = compare_accuracies([0.5, 0.6, 0.7], [0.6, 0.7, 0.8])
    assert (difference.value, difference.low) == pytest.approx((0.1, 0.1 - STUDENT_95[3] * 0.1 * (2 / 3) ** 0.5))
