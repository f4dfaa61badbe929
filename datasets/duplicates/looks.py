"""The looks of a picture, by which others like it are found: a hash of its pixels, its detail, and its colours.

All of it is whole numbers, computed exactly: what is found does not depend on the order of the work.
"""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from PIL import Image

SIDE = 32  # every picture is looked at in this size
BLOCKS = 8  # in a row of blocks, of which the colours are one number each
UNIT = 2000  # the length of a vector that says only which way it points

_REACH = 4  # dots to each side that a dot is compared with
_NOISE = 6  # grey levels: contrast around a dot that counts for little against grain
_DETAIL_UNIT = 40  # steps of detail to one standard deviation of what is around
_LEAST_DETAIL = 4  # steps, root mean square
_LEAST_CONTRAST = 1  # grey levels, root mean square
_LOT = 512


class Looks(NamedTuple):
    """The looks of many pictures, as arrays with a row for each; no two rows have the same pixels."""

    hashes: np.ndarray  # S32 [n]
    details: np.ndarray  # int8 [n, side, side], all zero where there is next to none
    colours: np.ndarray  # int16 [n, blocks * blocks * 3], mean removed, of length UNIT or zero

    def rows(self, chosen: np.ndarray) -> "Looks":
        """Returns some of the rows."""
        return Looks(*(array[chosen] for array in self))

    def mirrored(self) -> "Looks":
        """Returns the same pictures with left and right exchanged, under the same hashes."""
        colours = self.colours.reshape(-1, BLOCKS, BLOCKS, 3)[:, :, ::-1].reshape(self.colours.shape)
        return Looks(self.hashes, np.ascontiguousarray(self.details[:, :, ::-1]), colours)

    def joined(self, others: "Looks") -> "Looks":
        """Returns these rows, then the others."""
        return Looks(*(np.concatenate(arrays) for arrays in zip(self, others, strict=True)))


def look_at(pictures: Iterable[np.ndarray]) -> Looks:
    """Returns the looks of pictures of any size, each uint8 [height, width, 3]."""
    pictures = iter(pictures)
    seen = [_look_at_few([])]
    while lot := list(islice(pictures, _LOT)):
        seen.append(_look_at_few(lot))
    return Looks(*(np.concatenate(arrays) for arrays in zip(*seen, strict=True)))


def _look_at_few(pictures: Sequence[np.ndarray]) -> Looks:
    thumbnails = np.array([_thumbnail(pixels) for pixels in pictures], np.uint8).reshape(-1, SIDE, SIDE, 3)
    hashes = np.array([_hash_pixels(pixels) for pixels in pictures], "S32")
    return Looks(hashes, _find_detail(thumbnails.sum(axis=-1, dtype=np.int32)), _find_colours(thumbnails))


def _hash_pixels(pixels: np.ndarray) -> bytes:
    """Returns a hash that is equal for equal pixels, however their file was written."""
    return hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=16).hexdigest().encode()


def _thumbnail(pixels: np.ndarray) -> np.ndarray:
    if pixels.shape[:2] == (SIDE, SIDE):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX))


def as_directions(vectors: np.ndarray, shortest: float) -> np.ndarray:
    """Returns vectors of whole numbers brought to the length UNIT; those too short to have a direction become zero.

    The products of two then sum up exactly in float32, in any order: no sum on the way exceeds 2^24.
    """
    lengths = np.sqrt((vectors.astype(np.int64) ** 2).sum(axis=1))
    scales = np.where(lengths < max(shortest, 1), 0, UNIT / np.maximum(lengths, 1))
    directions: np.ndarray = np.rint(vectors * scales[:, None])
    return directions


def sum_blocks(dots: np.ndarray) -> np.ndarray:
    """Returns [n, side, side, …] summed up to [n, blocks, blocks, …]."""
    across = SIDE // BLOCKS
    blocks: np.ndarray = dots.reshape(len(dots), BLOCKS, across, BLOCKS, across, *dots.shape[3:]).sum(
        axis=(2, 4), dtype=np.int32
    )
    return blocks


def _find_detail(grey: np.ndarray) -> np.ndarray:
    """Returns how far each dot stands out, in units of the contrast around it; `grey` is a sum of three channels."""
    count = _sum_around(np.ones((1, SIDE, SIDE), np.int32))
    mean = _sum_around(grey) / count
    variance = _sum_around(grey**2) / count - mean**2
    steps = np.rint((grey - mean) / np.sqrt(variance + (3 * _NOISE) ** 2) * _DETAIL_UNIT)
    steps[(steps**2).mean(axis=(1, 2)) < _LEAST_DETAIL**2] = 0
    detail: np.ndarray = np.clip(steps, -127, 127).astype(np.int8)
    return detail


def _sum_around(dots: np.ndarray) -> np.ndarray:
    """Returns the sum over the square around each dot, as far as it lies in the picture."""
    positions = np.arange(SIDE)
    starts, ends = np.maximum(positions - _REACH, 0), np.minimum(positions + _REACH + 1, SIDE)
    for axis in (1, 2):
        sums = np.cumsum(dots, axis=axis, dtype=np.int32)  # at most 32 * 32 * 765^2, which is below 2^31
        before = np.concatenate([np.zeros_like(sums.take([0], axis=axis)), sums], axis=axis)
        dots = before.take(ends, axis=axis) - before.take(starts, axis=axis)
    return dots


def _find_colours(thumbnails: np.ndarray) -> np.ndarray:
    values = BLOCKS * BLOCKS * 3
    sums = sum_blocks(thumbnails).reshape(-1, values)
    from_mean = sums.astype(np.int64) * values - sums.sum(axis=1, keepdims=True)
    dots_in_block = (SIDE // BLOCKS) ** 2
    shortest = _LEAST_CONTRAST * dots_in_block * values * values**0.5
    return as_directions(from_mean, shortest).astype(np.int16)
