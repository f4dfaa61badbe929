"""The prefetch decodes pictures ahead of the one asked for: in order, a few at a time, a bad one told in its turn."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from datasets.pictures import UnreadablePictureError
from datasets.prefetch import prefetch


class _Slow:
    """A source of pictures that says how many are held at once; number 3 is bad."""

    shape = (40, 1, 1, 3)

    def __init__(self) -> None:
        self.made = 0
        self._lock = threading.Lock()

    def __getitem__(self, number: int) -> np.ndarray:
        with self._lock:
            self.made += 1
        if number == 3:
            raise UnreadablePictureError("bad")
        return np.full((1, 1, 3), number, np.uint8)


@pytest.mark.parametrize("wrap", [lambda: np.arange(120, dtype=np.uint8).reshape(40, 1, 1, 3) // 3, _Slow])
def test_pictures_come_in_the_order_asked_for(wrap: Callable[[], Any]) -> None:
    numbers = [5, 1, 30, 2, *range(10, 30)]
    assert [int(decoded()[0, 0, 0]) for decoded in prefetch(wrap(), numbers)] == numbers


def test_a_bad_picture_is_told_in_its_turn_and_those_after_it_still_come() -> None:
    decoded = list(prefetch(_Slow(), range(2, 6)))
    with pytest.raises(UnreadablePictureError, match="bad"):
        decoded[1]()
    assert [int(decoded[place]()[0, 0, 0]) for place in (0, 2, 3)] == [2, 4, 5]


def test_only_a_few_pictures_are_decoded_ahead() -> None:
    pixels = _Slow()
    coming = prefetch(pixels, range(40))
    next(coming)
    assert pixels.made <= 10
    coming.close()
    assert pixels.made <= 10
