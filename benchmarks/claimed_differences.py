"""Measures how often a difference is called more than chance, where nothing changed and where something did.

    python benchmarks/claimed_differences.py [--trials 2000]

Draws the answers of two sides of several seeds to the same test pictures. The odds of a right answer depend on the
picture, on the seed, and on the side: "nothing changed" draws both sides alike; "another taste" gives each side other
pictures that it finds easy, while both are equally good on pictures of the kind. Prints the percentage of cases in
which each rule claims a difference: that every seed of one side is above every seed of the other (one seed: that the
paired interval leaves out 0), Student's test on the accuracies alone, and the interval that the report uses, which
allows for seeds and pictures. Takes some three minutes.
"""

import argparse
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from measuring import print_table

from models.evaluation.comparison import difference_interval
from models.evaluation.seed_comparison import compare_accuracies, compare_seeds

SEED_COUNTS = (1, 2, 3, 5, 10)
FEWER_TRIALS_FROM = 5000  # test pictures


class World(NamedTuple):
    """A kind of data set with a recipe: the odds are logits, drawn from a normal distribution."""

    name: str
    picture_count: int
    mean_ease: float
    spread_of_ease: float
    spread_of_seeds: float


class Case(NamedTuple):
    """A difference between the two sides."""

    name: str
    gain: float = 0.0  # of the second side, in logits
    taste: float = 0.0  # the spread of what a side adds to the odds of each picture


WORLDS = (
    World("as the sample", 300, 3.4, 2.2, 0.30),
    World("as photos", 2000, 4.5, 2.5, 0.12),
    World("as CIFAR-10", 10_000, 3.6, 2.2, 0.03),
)
CASES = (Case("nothing changed"), Case("another taste", taste=1.0), Case("better", gain=0.25), Case("better", gain=0.6))


def share_right(odds: np.ndarray) -> np.ndarray:
    """Returns the probability of a right answer."""
    share: np.ndarray = 1 / (1 + np.exp(-odds))
    return share


def no_overlap(first: np.ndarray, second: np.ndarray) -> bool:
    """Returns whether the rule of the older versions claims a difference."""
    if len(first) == 1:
        low, high = difference_interval(int((second & ~first).sum()), int((first & ~second).sum()), first.shape[1])
        return not low <= 0 <= high
    ours, theirs = first.mean(axis=1), second.mean(axis=1)
    return bool(ours.min() > theirs.max() or theirs.min() > ours.max())


def by_accuracies(first: np.ndarray, second: np.ndarray) -> bool:
    """Returns whether Student's test claims a difference."""
    return len(first) > 1 and compare_accuracies(first.mean(axis=1), second.mean(axis=1)).is_more_than_chance


def by_seeds_and_pictures(first: np.ndarray, second: np.ndarray) -> bool:
    """Returns whether the report claims a difference; of one seed it claims none."""
    return len(first) > 1 and compare_seeds(first, second).is_more_than_chance


RULES: Mapping[str, Callable[[np.ndarray, np.ndarray], bool]] = {
    "no overlap": no_overlap,
    "Student": by_accuracies,
    "report": by_seeds_and_pictures,
}


def claims(world: World, case: Case, seed_count: int, trials: int) -> list[float]:
    """Returns for each rule the percentage of trials in which it claims a difference."""
    random, claimed = np.random.default_rng(0), np.zeros(len(RULES))
    for _ in range(trials):
        ease = random.normal(world.mean_ease, world.spread_of_ease, world.picture_count)
        sides = []
        for gain in (0.0, case.gain):
            taste = random.normal(0, case.taste, world.picture_count)
            of_seeds = random.normal(0, world.spread_of_seeds, (seed_count, 1))
            chance = share_right(ease + taste + gain + of_seeds)
            sides.append(random.random(chance.shape) < chance)
        claimed += [rule(*sides) for rule in RULES.values()]
    return [float(share) for share in 100 * claimed / trials]


def describe(world: World, case: Case) -> tuple[str, str]:
    """Returns the world with its accuracy and standard deviation over the seeds, and what differs in points."""
    random = np.random.default_rng(1)
    ease = random.normal(world.mean_ease, world.spread_of_ease, 100_000)
    of_seeds = [share_right(ease[:20_000] + shift).mean() for shift in random.normal(0, world.spread_of_seeds, 200)]
    gained = 100 * (share_right(ease + case.gain).mean() - share_right(ease).mean())
    accuracy, deviation = 100 * share_right(ease).mean(), 100 * np.std(of_seeds)
    about = f"{world.name}: {world.picture_count:,} test pictures, {accuracy:.0f} %, seeds {deviation:.1f}"
    return about, f"{case.name}{f' by {gained:.1f}' if case.gain else ''}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=2000, help="a third of them with many test pictures")
    options = parser.parse_args()
    header = ["data set", "what differs, points", "rule", *(f"{count} seeds" for count in SEED_COUNTS)]
    rows = []
    for world in WORLDS:
        trials = options.trials // 3 if world.picture_count > FEWER_TRIALS_FROM else options.trials
        for case in CASES:
            by_seeds = [claims(world, case, count, trials) for count in SEED_COUNTS]
            for place, rule in enumerate(RULES):
                rows.append((*describe(world, case), rule, *(f"{shares[place]:.1f}" for shares in by_seeds)))
    print_table(header, rows)


if __name__ == "__main__":
    main()
