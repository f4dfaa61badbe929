"""What every channel of every layer that has rows and columns says of one picture.

Each channel goes from its own lowest value, 0, to its own highest, 255; one that says the same everywhere is 0. Where
all maps together are too large, the largest are shrunk: each place is then the mean of several.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.explanation.layer_calls import Map

SIDES = (64, 48, 32, 24, 16, 8)  # a map's longest side is brought down to the first at which all maps fit
MOST_BYTES = 24_000_000
ENLARGED = (4, 7)  # channels of the first convolution, counted from 0
LARGEST_ENLARGED_SIDE = 320


def all_channels(maps: Sequence[Map]) -> list[np.ndarray]:
    """For each map, uint8 [channels, rows, columns]."""
    fitting = (side for side in SIDES if sum(_bytes_at(each, side) for each in maps) <= MOST_BYTES)
    side = next(fitting, SIDES[-1])
    return [_channels(each, side) for each in maps]


def enlarged_channels(first: Map) -> tuple[tuple[int, ...], np.ndarray]:
    """Which two channels, and what they say; the last ones where it has fewer."""
    chosen = [channel for channel in ENLARGED if channel < first.channels]
    others = [channel for channel in range(first.channels - 1, -1, -1) if channel not in chosen]
    chosen = sorted([*chosen, *others[: len(ENLARGED) - len(chosen)]])
    return tuple(chosen), _channels(first, LARGEST_ENLARGED_SIDE)[chosen]


def _bytes_at(one: Map, side: int) -> int:
    rows, columns = _shrunk_sides(one, side)
    return rows * columns * one.channels


def _shrunk_sides(one: Map, side: int) -> tuple[int, int]:
    longest = max(one.rows, one.columns)
    if longest <= side:
        return one.rows, one.columns
    rows, columns = (max(1, round(own * side / longest)) for own in (one.rows, one.columns))
    return rows, columns


def _channels(one: Map, side: int) -> np.ndarray:
    values: Any = one.laid_out(one.call.said)
    sides = _shrunk_sides(one, side)
    if sides != (one.rows, one.columns):
        import tensorflow as tf

        values = tf.image.resize(values, sides, method="area").numpy()
    channels = np.moveaxis(values[0], -1, 0)
    lowest, highest = channels.min(axis=(1, 2), keepdims=True), channels.max(axis=(1, 2), keepdims=True)
    reach = np.where(highest > lowest, highest - lowest, 1)
    scaled: np.ndarray = np.round(255 * ((channels - lowest) / reach)).astype(np.uint8)
    return scaled
