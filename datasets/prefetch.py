"""A decoder of pictures in threads, a few ahead of the one asked for: Pillow lets go of Python's lock meanwhile."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from datasets.arrays import Pixels

_THREADS = 2
_AHEAD = 8  # pictures held at once

Decoded = Callable[[], np.ndarray]


def prefetch(pixels: Pixels, positions: Iterable[int]) -> Iterator[Decoded]:
    """Yields for each position a function that returns its picture, or raises UnreadablePictureError."""
    if isinstance(pixels, np.ndarray):
        yield from (partial(pixels.__getitem__, position) for position in positions)
        return
    with ThreadPoolExecutor(_THREADS) as threads:
        begun: deque[Decoded] = deque()
        for position in positions:
            begun.append(threads.submit(pixels.__getitem__, position).result)
            if len(begun) > _AHEAD:
                yield begun.popleft()
        yield from begun
