"""A picture of the sample, painted from its seed and number."""

import numpy as np
from PIL import Image, ImageDraw

from datasets.sources.sample.bridge import paint_bridge
from datasets.sources.sample.camera import CANVAS_SIDE, add_grain, frame, light
from datasets.sources.sample.dice import Dice, DiceStream
from datasets.sources.sample.flowers import paint_sunflower, paint_tulip
from datasets.sources.sample.mushroom import paint_mushroom
from datasets.sources.sample.pen import Pen
from datasets.sources.sample.rocket import paint_rocket
from datasets.sources.sample.roster import TRAIN_COUNT, true_label
from datasets.sources.sample.scenery import paint_foreground
from datasets.sources.sample.sea import paint_sea

_PAINTERS = (paint_tulip, paint_sunflower, paint_mushroom, paint_sea, paint_bridge, paint_rocket)  # by label

# How far from the middle (a pen's units, 200 across the canvas) and how tilted (of a pen's 1024 steps in a turn) a
# motif may be. The test pictures are taken with less care than the training ones, like those that a model meets later;
# augmentation is there for them.
TRAINING_POSE = (10, 50)
TEST_POSE = (20, 130)


def paint_picture(seed: int, number: int) -> np.ndarray:
    """Returns one picture, uint8 [height, width, 3]."""
    dice = Dice(seed, DiceStream.PICTURE, number)
    canvas = _paint_canvas(dice, number)
    return add_grain(light(frame(canvas), dice), dice)


def paint_again(seed: int, number: int) -> np.ndarray:
    """Returns the same scene in the same light, with the camera moved a little and another exposure."""
    dice, retake = Dice(seed, DiceStream.PICTURE, number), Dice(seed, DiceStream.RETAKE, number)
    canvas = _paint_canvas(dice, number)
    right, down = retake.pick(((-1, 0), (1, 0), (0, -1), (0, 1)))
    pixels = light(frame(canvas, right, down), dice)
    return add_grain(pixels * retake.pick((93, 95, 105, 107)) // 100, retake)


def _paint_canvas(dice: Dice, number: int) -> Image.Image:
    canvas = Image.new("RGB", (CANVAS_SIDE, CANVAS_SIDE))
    pen = Pen.centred(ImageDraw.Draw(canvas), CANVAS_SIDE)
    aside, tilt = TRAINING_POSE if number < TRAIN_COUNT else TEST_POSE
    scene = pen.at(dice.between(-aside, aside), dice.between(-10, 10), dice.between(92, 112), dice.between(-tilt, tilt))
    _PAINTERS[true_label(number)](scene, dice)
    paint_foreground(pen, dice)
    return canvas
