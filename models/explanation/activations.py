"""The values of every channel of every layer that has rows and columns, for one picture.

Each channel goes from 0 at its lowest value to 255 at its highest; one with the same value everywhere is 0. If all maps
together are too large, the largest are shrunk by taking means.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.explanation.layer_calls import LayerMap

SIDES = (64, 48, 32, 24, 16, 8)  # the longest side of a map: the first of these at which all maps fit
MOST_BYTES = 24_000_000
ENLARGED = (4, 7)  # channels of the first convolution, from 0
LARGEST_ENLARGED_SIDE = 320


def all_channels(maps: Sequence[LayerMap]) -> list[np.ndarray]:
    """Returns the channels of each map, uint8 [channels, rows, columns]."""
    fitting = (side for side in SIDES if sum(_bytes_at(each, side) for each in maps) <= MOST_BYTES)
    side = next(fitting, SIDES[-1])
    return [_channels(each, side) for each in maps]


def enlarged_channels(first: LayerMap) -> tuple[tuple[int, ...], np.ndarray]:
    """Returns the numbers and values of the two channels to enlarge: the last ones if there are too few channels."""
    chosen = [channel for channel in ENLARGED if channel < first.channels]
    others = [channel for channel in range(first.channels - 1, -1, -1) if channel not in chosen]
    chosen = sorted([*chosen, *others[: len(ENLARGED) - len(chosen)]])
    return tuple(chosen), _channels(first, LARGEST_ENLARGED_SIDE)[chosen]


def _bytes_at(one: LayerMap, side: int) -> int:
    rows, columns = _shrunk_sides(one, side)
    return rows * columns * one.channels


def _shrunk_sides(one: LayerMap, side: int) -> tuple[int, int]:
    longest = max(one.rows, one.columns)
    if longest <= side:
        return one.rows, one.columns
    rows, columns = (max(1, round(own * side / longest)) for own in (one.rows, one.columns))
    return rows, columns


def _channels(one: LayerMap, side: int) -> np.ndarray:
    values: Any = one.laid_out(one.call.output)
    sides = _shrunk_sides(one, side)
    if sides != (one.rows, one.columns):
        import tensorflow as tf

        values = tf.image.resize(values, sides, method="area").numpy()
    channels = np.moveaxis(values[0], -1, 0)
    lowest, highest = channels.min(axis=(1, 2), keepdims=True), channels.max(axis=(1, 2), keepdims=True)
    reach = np.where(highest > lowest, highest - lowest, 1)
    scaled: np.ndarray = np.round(255 * ((channels - lowest) / reach)).astype(np.uint8)
    return scaled
