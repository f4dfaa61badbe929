"""The numbers of a source's pictures, which stand in the names of their files: a picture keeps the one it got first.

Where a source has a file for each picture, files may come and go. New ones get numbers that no other ever had; a file
that went, or whose class is left out, keeps its own until it comes back. All other pictures are numbered by position.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import NamedTuple

from datasets.arrays import Arrays


class GivenNumbers(NamedTuple):
    """The file of each number that was given before, and the digits to which numbers in names are padded."""

    files: Mapping[int, str]
    width: int


NONE_GIVEN = GivenNumbers({}, 0)


class Numbering:
    """The number of each picture that a source holds now."""

    def __init__(self, arrays: Arrays, given: GivenNumbers = NONE_GIVEN) -> None:
        self._arrays = arrays
        self.given = _give(arrays.files, given) if arrays.files else {}
        self.width = given.width or len(str(len(arrays.labels) - 1))

    @cached_property
    def numbers(self) -> Sequence[int]:
        """The number of the picture at each position."""
        if not self.given:
            return range(len(self._arrays.labels))
        number_of = {file: number for number, file in self.given.items()}
        return [number_of[file] for file in self._arrays.files]

    @cached_property
    def files(self) -> Mapping[int, str]:
        """The file of each number, of those that the source holds now; nothing where it has no file for each."""
        return dict(zip(self.numbers, self._arrays.files, strict=True)) if self.given else {}

    @cached_property
    def positions(self) -> Mapping[int, int]:
        """The position of each number that the source has a picture of now."""
        return {number: position for position, number in enumerate(self.numbers)}


def _give(files: Sequence[str], given: GivenNumbers) -> dict[int, str]:
    """Returns the file of every number, with one for each file that had none."""
    known, free = set(given.files.values()), count(max(given.files, default=-1) + 1)
    return {**given.files, **{next(free): file for file in files if file not in known}}
