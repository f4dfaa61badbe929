"""A pen that fills polygons through a frame: shifted, scaled, narrowed and turned.

It counts in integers and knows no shape but the polygon, so that a picture is the same on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import ImageDraw

from datasets.sources.sample.colours import Colour, mix

Point = tuple[int, int]

TURN = 1024  # steps in a full turn; a positive turn is clockwise
FAR = 400  # units: past the edge of every picture, however it is framed

_BITS = 16
_COSINES = [round(math.cos(2 * math.pi * step / TURN) * (1 << _BITS)) for step in range(TURN)]


def cosine(turn: int, radius: int) -> int:
    """Returns the cosine of a turn, times the radius."""
    return _COSINES[turn % TURN] * radius >> _BITS


def sine(turn: int, radius: int) -> int:
    """Returns the sine of a turn, times the radius."""
    return _COSINES[(turn - TURN // 4) % TURN] * radius >> _BITS


def arc(x: int, y: int, width: int, height: int, start: int = 0, end: int = TURN, steps: int = 16) -> list[Point]:
    """Returns points on an ellipse with these half-axes; turn 0 is its right end, a quarter turn its lowest point."""
    turns = [start + (end - start) * step // steps for step in range(steps + 1)]
    return [(x + cosine(turn, width), y + sine(turn, height)) for turn in turns]


def mirrored(right_half: Sequence[Point]) -> list[Point]:
    """Returns the whole outline of a shape that is the same on both sides of x = 0."""
    return [*right_half, *((-x, y) for x, y in reversed(right_half))]


@dataclass(frozen=True)
class Pen:
    """A pen that draws in units of its own frame: x to the right, y down."""

    draw: ImageDraw.ImageDraw
    x: int  # the frame's origin in dots; below, the dots that a unit makes; all shifted left by _BITS
    y: int
    xx: int
    xy: int
    yx: int
    yy: int

    @classmethod
    def centred(cls, draw: ImageDraw.ImageDraw, side: int) -> "Pen":
        """Returns a pen in whose frame a square canvas reaches from -100 to 100."""
        middle, unit = side << _BITS - 1, (side << _BITS) // 200
        return cls(draw, middle, middle, unit, 0, 0, unit)

    def at(self, x: int, y: int, percent: int = 100, turn: int = 0, width_percent: int = 100) -> "Pen":
        """Returns a pen for a thing at that place, scaled, then narrowed, then turned about its own origin."""
        down_x, down_y = -sine(turn, 1 << 10) * percent, cosine(turn, 1 << 10) * percent
        along_x, along_y = down_y * width_percent // 100, -down_x * width_percent // 100
        scale = 100 << 10
        return Pen(
            self.draw,
            self.x + self.xx * x + self.xy * y,
            self.y + self.yx * x + self.yy * y,
            (self.xx * along_x + self.xy * along_y) // scale,
            (self.xx * down_x + self.xy * down_y) // scale,
            (self.yx * along_x + self.yy * along_y) // scale,
            (self.yx * down_x + self.yy * down_y) // scale,
        )

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """Fills a polygon."""
        xx, xy, yx, yy, left, top = self.xx, self.xy, self.yx, self.yy, self.x, self.y
        dots = [(left + xx * x + xy * y >> _BITS, top + yx * x + yy * y >> _BITS) for x, y in points]
        self.draw.polygon(dots, colour)

    def box(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """Fills a rectangle."""
        self.polygon(((left, top), (right, top), (right, bottom), (left, bottom)), colour)

    def oval(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        """Fills an ellipse, given by its half-axes."""
        self.polygon(arc(x, y, width, height), colour)

    def stroke(self, points: Sequence[Point], width: int, colour: Colour) -> None:
        """Draws a line through the points."""
        for (x, y), (to_x, to_y) in pairwise(points):
            length = max(1, math.isqrt((to_x - x) ** 2 + (to_y - y) ** 2))
            dx, dy = (y - to_y) * width // (2 * length), (to_x - x) * width // (2 * length)
            self.polygon(((x + dx, y + dy), (to_x + dx, to_y + dy), (to_x - dx, to_y - dy), (x - dx, y - dy)), colour)

    def fade(self, top: int, bottom: int, first: Colour, last: Colour, steps: int = 12) -> None:
        """Fills a level band from one colour down to another, and all below it with the last one."""
        for step in range(steps):
            edge = top + (bottom - top) * step // steps
            self.box(-FAR, edge, FAR, FAR, mix(first, last, 100 * step // (steps - 1)))
