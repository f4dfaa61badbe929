"""A camera that makes a small photograph of a painted canvas: frame, light and grain, all in integers."""

import numpy as np
from PIL import Image

from datasets.sources.sample.dice import Dice

SIDE = 32  # dots of a picture
GRAIN = 4  # dots of the canvas across one dot of the picture
MARGIN = 2 * GRAIN  # dots of the canvas past each edge of the frame, for a camera that moves
CANVAS_SIDE = SIDE * GRAIN + 2 * MARGIN

_FROM_MIDDLE = np.arange(1 - SIDE, SIDE, 2)


def frame(canvas: Image.Image, right: int = 0, down: int = 0) -> np.ndarray:
    """Returns the part of the canvas in the frame, int64 [side, side, 3]; the frame is moved by dots of the canvas."""
    left, top = MARGIN + right, MARGIN + down
    window = canvas.crop((left, top, left + SIDE * GRAIN, top + SIDE * GRAIN))
    dots: np.ndarray = np.asarray(window.reduce(GRAIN), dtype=np.int64)
    return dots


def light(pixels: np.ndarray, dice: Dice) -> np.ndarray:
    """Returns the picture in a light of some hour and weather: from one side, with haze, a cast and an exposure."""
    slope = _FROM_MIDDLE[:, None] * dice.between(-6, 6) + _FROM_MIDDLE * dice.between(-6, 6)
    haze, thickness = dice.between(110, 215), dice.pick((0, 0, 0, 0, 12, 24))
    exposure = dice.pick((84, 92, 100, 100, 106, 112))
    cast = np.array([dice.between(93, 105) for _ in range(3)])
    veiled = ((pixels + slope[..., None] // 10) * (100 - thickness) + haze * thickness) // 100
    lit: np.ndarray = veiled * cast * exposure // 10_000
    return lit


def add_grain(pixels: np.ndarray, dice: Dice) -> np.ndarray:
    """Returns the finished picture, uint8 [side, side, 3]."""
    strength = dice.between(3, 14)
    grain = dice.bytes(2 * pixels.size).astype(np.int64).reshape(2, *pixels.shape).sum(axis=0) - 255
    picture: np.ndarray = np.clip(pixels + (grain * strength >> 8), 0, 255).astype(np.uint8)
    return picture
