"""The bridges of the sample: stone arches, hanging and stayed decks, steel bows and trusses."""

from datasets.sources.sample.colours import BRIGHTS, EARTHS, STONES, Colour, lit, mix, vary
from datasets.sources.sample.dice import Dice
from datasets.sources.sample.pen import FAR, TURN, Pen, arc
from datasets.sources.sample.scenery import paint_bystanders, paint_ground, paint_hills, paint_sky, paint_water

_PAINTS = (*STONES, *EARTHS, BRIGHTS[0], BRIGHTS[1], (70, 110, 120), (60, 60, 72))


def paint_bridge(pen: Pen, dice: Dice) -> None:
    """Paints a bridge over water or land."""
    horizon = dice.between(-20, 40)
    haze = paint_sky(pen, dice, horizon)
    paint_hills(pen, dice, horizon, haze)
    if dice.chance(65):
        paint_water(pen, dice, horizon, haze)
    else:
        paint_ground(pen, dice, horizon, haze)
        paint_bystanders(pen, dice, horizon, haze)
    kind = dice.pick((_paint_arches, _paint_hanging, _paint_stayed, _paint_bow, _paint_truss))
    place = (dice.between(-30, 30), horizon + dice.between(-24, 16))
    kind(pen.at(*place, dice.between(65, 115)), dice, vary(dice, dice.pick(_PAINTS)))


def _paint_arches(pen: Pen, dice: Dice, colour: Colour) -> None:
    """Paints stone arches; the deck of every bridge here is level with the origin."""
    span, height = dice.pick((50, 70, 110)), dice.between(34, 62)
    count = 300 // span
    start = -count * span // 2
    for left in range(start, start + count * span, span):
        middle, half = left + span // 2, span // 2 - 6
        opening = arc(middle, height, half, min(height - 8, half * 5 // 4), 0, -TURN // 2, 10)
        pen.polygon([(left, 0), (left + span, 0), (left + span, height), *opening, (left, height)], colour)
        rim = arc(middle, height, half, min(height - 8, half * 5 // 4), 0, -TURN // 2, 10)
        pen.stroke(rim, 4, lit(colour, 70))
    pen.box(-FAR, -8, FAR, 3, lit(colour, 112))
    pen.box(-FAR, 3, FAR, 6, lit(colour, 70))


def _paint_hanging(pen: Pen, dice: Dice, colour: Colour) -> None:
    half, height = dice.between(44, 64), dice.between(54, 84)
    sag = [(x, -height + (height - 8) * (half**2 - x**2) // half**2) for x in range(-half, half + 1, half // 4)]
    _paint_deck(pen, colour)
    for x, y in sag:
        pen.stroke(((x, y), (x, 0)), 3, lit(colour, 86))
    pen.stroke(sag, 5, colour)
    for side in (-1, 1):
        pen.stroke(((side * half, -height), (side * (half + 70), 0)), 5, colour)
        for step in (20, 40):
            pen.stroke(((side * (half + step), -height + height * step // 70), (side * (half + step), 0)), 3, colour)
        pen.box(side * half - 6, -height - 6, side * half + 6, 50, lit(colour, 90))


def _paint_stayed(pen: Pen, dice: Dice, colour: Colour) -> None:
    _paint_deck(pen, colour)
    height = dice.between(70, 100)
    for reach in range(22, 112, 22):
        for side in (-1, 1):
            pen.stroke(((0, -height + 14 + (110 - reach) // 4), (side * reach, 0)), 3, mix(colour, (235, 235, 235), 40))
    pen.polygon(((-4, -height), (4, -height), (12, 56), (-12, 56)), lit(colour, 90))


def _paint_bow(pen: Pen, dice: Dice, colour: Colour) -> None:
    """Paints a steel bow that carries the deck from above."""
    half, height = dice.between(70, 100), dice.between(46, 70)
    bow = arc(0, 10, half, height, -TURN // 2, 0, 10)
    _paint_deck(pen, colour)
    for x, y in bow[1:-1]:
        pen.stroke(((x, y), (x, 0)), 3, lit(colour, 86))
    pen.stroke(bow, 8, colour)
    for side in (-1, 1):
        pen.box(side * half - 9, -6, side * half + 9, 46, lit(dice.pick(STONES), 90))


def _paint_truss(pen: Pen, dice: Dice, colour: Colour) -> None:
    height, step = dice.between(30, 48), dice.between(26, 38)
    _paint_deck(pen, colour)
    pen.box(-FAR, -height - 3, FAR, -height + 4, colour)
    for number, x in enumerate(range(-6 * step, 6 * step, step)):
        low, high = (0, -height) if number % 2 else (-height, 0)
        pen.stroke(((x, low), (x + step, high)), 5, lit(colour, 90))
    for x in range(-4 * step, 5 * step, 4 * step):
        pen.polygon(((x - 7, 4), (x + 7, 4), (x + 10, 70), (x - 10, 70)), lit(dice.pick(STONES), 85))


def _paint_deck(pen: Pen, colour: Colour) -> None:
    pen.box(-FAR, -2, FAR, 8, colour)
    pen.box(-FAR, 8, FAR, 11, lit(colour, 66))
