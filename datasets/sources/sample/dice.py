"""The random choices of a painting, drawn from a stream of bits that numpy promises never to change."""

from collections.abc import Sequence
from enum import IntEnum
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


class DiceStream(IntEnum):
    """The purpose of choices; each stream of a seed is independent of the others."""

    PICTURE = 1
    RETAKE = 2
    WRONG_LABELS = 3
    NEAR_DUPLICATES = 4


class Dice:
    """A drawer of the raw words of PCG64, since numpy may change how its `Generator` turns them into numbers."""

    def __init__(self, seed: int, stream: DiceStream, number: int = 0) -> None:
        self._bits = np.random.PCG64([seed, stream, number])

    def between(self, low: int, high: int) -> int:
        """Returns a whole number from low to high, both included."""
        return low + int(self._bits.random_raw()) % (high - low + 1)

    def chance(self, percent: int) -> bool:
        """Returns True this often."""
        return self.between(1, 100) <= percent

    def pick(self, options: Sequence[Choice]) -> Choice:
        """Returns one of the options."""
        return options[self.between(0, len(options) - 1)]

    def sample(self, options: Sequence[Choice], count: int) -> list[Choice]:
        """Returns `count` different options, in the order they are drawn."""
        left = list(options)
        return [left.pop(self.between(0, len(left) - 1)) for _ in range(count)]

    def bytes(self, count: int) -> np.ndarray:
        """Returns `count` numbers from 0 to 255, all equally likely."""
        words = np.asarray(self._bits.random_raw(-(-count // 8)), dtype="<u8")
        return words.view(np.uint8)[:count]
