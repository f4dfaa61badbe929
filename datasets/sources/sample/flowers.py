"""The tulips and sunflowers of the sample."""

from datasets.sources.sample.colours import BRIGHTS, GRASSES, STONES, Colour, lit, mix, vary
from datasets.sources.sample.dice import Dice
from datasets.sources.sample.pen import TURN, Pen, mirrored
from datasets.sources.sample.scenery import paint_bystanders, paint_ground, paint_hills, paint_sky

_LEAF = ((-3, 90), (-22, 62), (-36, 10), (-12, 44), (3, 76))
_SUNFLOWER_LEAF = ((0, 0), (14, -14), (40, -16), (58, -4), (36, 8), (12, 8))
_SUN_YELLOWS = ((248, 200, 40), (250, 172, 36), (236, 214, 90), (242, 146, 40))
_SEEDS = ((70, 44, 26), (46, 32, 28), (112, 74, 36))


def paint_tulip(pen: Pen, dice: Dice) -> None:
    """Paints a tulip, a bunch of them or a bed."""
    _paint_garden(pen, dice)
    colour = dice.pick(BRIGHTS)
    arrangement = dice.pick(("one", "one", "bunch", "bed"))
    if arrangement == "one":
        _paint_one_tulip(pen.at(dice.between(-30, 30), dice.between(-15, 25), dice.between(85, 125)), dice, colour)
    elif arrangement == "bunch":
        for x in dice.sample((-46, -4, 40), dice.between(2, 3)):
            place = pen.at(x + dice.between(-10, 10), dice.between(-20, 30), dice.between(60, 85), x)
            _paint_one_tulip(place, dice, colour)
    else:
        for x in (-84, 78, -48, 44, -6):
            place = pen.at(x + dice.between(-8, 8), dice.between(0, 34), dice.between(48, 66))
            _paint_one_tulip(place, dice, dice.pick((colour, colour, dice.pick(BRIGHTS))))


def _paint_garden(pen: Pen, dice: Dice) -> None:
    horizon = dice.between(-40, 60)
    haze = paint_sky(pen, dice, horizon)
    paint_hills(pen, dice, horizon, haze)
    paint_ground(pen, dice, horizon, haze)
    paint_bystanders(pen, dice, horizon, haze)


def _paint_one_tulip(pen: Pen, dice: Dice, colour: Colour) -> None:
    """Paints a tulip whose cup stands on the origin; the stem goes down from there."""
    colour = vary(dice, colour)
    green = vary(dice, dice.pick(GRASSES))
    bend = dice.between(-10, 10)
    pen.stroke(((0, 0), (bend, 45), (bend // 2, 120)), 7, green)
    for side in dice.sample((-1, 1), dice.between(1, 2)):
        pen.polygon([(side * x + bend // 2, y + 14) for x, y in _LEAF], lit(green, 100 + 14 * side))
    cup = pen.at(0, 4, 100, dice.between(-70, 70), dice.between(80, 115))
    open_by = dice.between(-6, 12)
    back = mirrored(((0, -48), (9, -62), (19, -40)))
    cup.polygon(back, lit(colour, 70))
    side_petal = ((0, 0), (-18, -4), (-27, -24), (-24 - open_by, -60), (-8, -40), (0, -14))
    cup.polygon(side_petal, lit(colour, 88))
    cup.polygon([(-x, y) for x, y in side_petal], lit(colour, 80))
    cup.polygon(mirrored(((0, 1), (13, -8), (15, -30), (0, -56))), lit(colour, 108))


def paint_sunflower(pen: Pen, dice: Dice) -> None:
    """Paints a sunflower, two of them or a field."""
    _paint_garden(pen, dice)
    yellow = dice.pick(_SUN_YELLOWS)
    arrangement = dice.pick(("one", "one", "two", "field"))
    if arrangement == "one":
        place = pen.at(dice.between(-32, 32), dice.between(-35, 20), dice.between(72, 120))
        _paint_one_sunflower(place, dice, yellow)
    elif arrangement == "two":
        for x in (-40, 40):
            place = pen.at(x + dice.between(-12, 12), dice.between(-40, 30), dice.between(50, 75))
            _paint_one_sunflower(place, dice, yellow)
    else:
        for x in (-82, 74, -40, 34, -4):
            place = pen.at(x + dice.between(-8, 8), dice.between(-26, 30), dice.between(34, 50))
            _paint_one_sunflower(place, dice, yellow)


def _paint_one_sunflower(pen: Pen, dice: Dice, yellow: Colour) -> None:
    """Paints a sunflower; the middle of its face is the origin."""
    yellow, green = vary(dice, yellow), vary(dice, dice.pick(GRASSES))
    pen.stroke(((0, 10), (dice.between(-14, 14), 80), (dice.between(-14, 14), 260)), 9, green)
    for side in (-1, 1):
        leaf = pen.at(0, 80 + dice.between(-14, 20), 100, side * dice.between(-60, 90))
        leaf.polygon([(side * x, y) for x, y in _SUNFLOWER_LEAF], lit(green, 100 + 12 * side))
    face = pen.at(0, 0, 100, dice.between(-128, 128), dice.between(55, 100))
    petals, length = dice.between(11, 16), dice.between(52, 68)
    petal = ((-8, -20), (-9, -length + 18), (0, -length), (9, -length + 18), (8, -20))
    for layer, shade in ((0, 76), (1, 100)):
        for number in range(petals):
            turn = TURN * (2 * number + layer) // (2 * petals)
            face.at(0, 0, 100 - 10 * layer, turn).polygon(petal, lit(yellow, shade + number % 3 * 6))
    seeds = vary(dice, dice.pick(_SEEDS))
    size = dice.between(20, 32)
    face.oval(0, 0, size, size, seeds)
    face.oval(0, 0, size * 6 // 10, size * 6 // 10, mix(seeds, dice.pick((yellow, *STONES)), 35))
