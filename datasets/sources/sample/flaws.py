"""The flaws of the sample: what is wrong with it on purpose, and where, so that a search for flaws can be scored.

Reads and writes nothing; the lists follow from the seed alone and paint no picture.
"""

from dataclasses import dataclass

from datasets.sources.sample.dice import Dice, DiceStream
from datasets.sources.sample.roster import SAMPLE, TEST_COUNT, TRAIN_COUNT

WRONG_PER_CLASS = 6
DUPLICATES_PER_CLASS = 2


@dataclass(frozen=True)
class WrongLabel:
    """A training picture that is given another class's label."""

    number: int
    given_label: int
    true_label: int


@dataclass(frozen=True)
class NearDuplicate:
    """A test picture that shows the scene of a training picture, a moment later."""

    train_number: int
    test_number: int


def wrong_labels(seed: int = 0) -> list[WrongLabel]:
    """Returns the wrong labels by number; each class gets as many pictures as it loses, and so keeps its size."""
    dice = Dice(seed, DiceStream.WRONG_LABELS)
    steps = [1 + turn % (len(SAMPLE) - 1) for turn in range(WRONG_PER_CLASS)]
    wrong = []
    for label in range(len(SAMPLE)):
        numbers = dice.sample(range(label, TRAIN_COUNT, len(SAMPLE)), WRONG_PER_CLASS)
        for number, step in zip(numbers, steps, strict=True):
            wrong.append(WrongLabel(number, (label + step) % len(SAMPLE), label))
    return sorted(wrong, key=lambda flaw: flaw.number)


def near_duplicates(seed: int = 0) -> list[NearDuplicate]:
    """Returns the near-duplicates by training number; none of them has a wrong label."""
    dice = Dice(seed, DiceStream.NEAR_DUPLICATES)
    wrong = {flaw.number for flaw in wrong_labels(seed)}
    pairs = []
    for label in range(len(SAMPLE)):
        right = [n for n in range(label, TRAIN_COUNT, len(SAMPLE)) if n not in wrong]
        tested = range(TRAIN_COUNT + label, TRAIN_COUNT + TEST_COUNT, len(SAMPLE))
        originals, copies = (dice.sample(numbers, DUPLICATES_PER_CLASS) for numbers in (right, tested))
        pairs += [NearDuplicate(train, test) for train, test in zip(originals, copies, strict=True)]
    return sorted(pairs, key=lambda pair: pair.train_number)
