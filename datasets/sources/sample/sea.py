"""The sea of the sample: open, with a sail, breaking, on a beach, at a lighthouse."""

from datasets.sources.sample.colours import BRIGHTS, EARTHS, GRASSES, STONES, WHITE, Colour, lit, mix, vary
from datasets.sources.sample.dice import Dice
from datasets.sources.sample.pen import FAR, TURN, Pen, arc
from datasets.sources.sample.scenery import paint_hills, paint_sky, paint_water

_SAIL = ((0, -70), (30, -14), (0, -14))
_CURL = ((-150, 60), (-90, 40), (-40, 4), (0, -30), (34, -42), (58, -34), (70, -14), (64, -2), (48, -14), (30, -14),
         (16, 4), (22, 30), (60, 50), (150, 60))  # fmt: skip


def paint_sea(pen: Pen, dice: Dice) -> None:
    """Paints the sea in one of five variants."""
    horizon = dice.between(-60, 10)
    haze = paint_sky(pen, dice, horizon)
    if dice.chance(35):
        paint_hills(pen.at(dice.between(-90, 90), 0), dice, horizon, haze)
    water = paint_water(pen, dice, horizon, haze)
    _paint_waves(pen, dice, horizon, water)
    variant = dice.pick((_paint_glitter, _paint_sail, _paint_breaker, _paint_beach, _paint_lighthouse))
    variant(pen, dice, horizon, water)


def _paint_waves(pen: Pen, dice: Dice, horizon: int, water: Colour) -> None:
    """Paints rows of crests that grow as they come near."""
    y, size = horizon + 10, 4
    strength = dice.between(20, 70)
    while y < 130:
        for x in range(-140 + dice.between(0, size * 5), 140, size * 7):
            width = size * 3 + dice.between(-size, size)
            crest = mix(water, WHITE, dice.between(5, strength))
            at_y = y + dice.between(-size, size)
            pen.polygon(
                ((x - width, at_y + size), (x, at_y - size // 2), (x + width, at_y + size), (x, at_y + 1)), crest
            )
        y += size * 3
        size += 2


def _paint_glitter(pen: Pen, dice: Dice, horizon: int, water: Colour) -> None:
    """Paints a low sun or moon and its path on the water."""
    x, size = dice.between(-50, 50), dice.between(14, 30)
    glow = dice.pick(((255, 236, 150), (255, 170, 90), (230, 232, 238)))
    pen.polygon(arc(x, horizon, size, size, -TURN // 2, 0), glow)
    for depth in range(4, 120, 9):
        width = dice.between(4, 10 + depth // 5)
        shift = dice.between(-6, 6)
        pen.box(x + shift - width, horizon + depth, x + shift + width, horizon + depth + 3, mix(water, glow, 75))


def _paint_sail(pen: Pen, dice: Dice, horizon: int, water: Colour) -> None:
    for _ in range(dice.between(1, 3)):
        place = (dice.between(-70, 70), horizon + dice.between(4, 40))
        boat = pen.at(*place, dice.between(40, 100), dice.between(-50, 50), dice.pick((-100, 100)))
        boat.polygon(((-26, -10), (32, -10), (22, 4), (-18, 4)), vary(dice, dice.pick(BRIGHTS + EARTHS)))
        boat.polygon(_SAIL, vary(dice, dice.pick((WHITE, WHITE, *BRIGHTS))))
        boat.polygon([(-x * 7 // 10 - 3, y * 9 // 10) for x, y in _SAIL], vary(dice, WHITE))


def _paint_breaker(pen: Pen, dice: Dice, horizon: int, water: Colour) -> None:
    """Paints one great wave that curls over."""
    mirror = dice.pick((-100, 100))
    wave = pen.at(dice.between(-30, 30), horizon + dice.between(36, 60), dice.between(75, 125), 0, mirror)
    wave.polygon(_CURL, lit(water, dice.between(70, 120)))
    wave.stroke(_CURL[2:9], 9, mix(water, WHITE, 80))
    for x, y in _CURL[4:10]:
        wave.oval(x + dice.between(-6, 6), y + dice.between(-6, 4), 7, 6, WHITE)
    wave.stroke(((-60, 46), (-20, 16), (8, -10)), 4, mix(water, WHITE, 35))


def _paint_beach(pen: Pen, dice: Dice, horizon: int, water: Colour) -> None:
    """Paints sand in front, foam along its edge, and sometimes a parasol."""
    shore = pen.at(0, dice.between(50, 80), 100, dice.between(-60, 60))
    sand = vary(dice, dice.pick(((226, 204, 150), (204, 176, 128), (170, 150, 130))))
    edge = [(x, dice.between(-8, 8)) for x in range(-180, 181, 30)]
    shore.polygon([*((x, y - 8) for x, y in edge), (FAR, FAR), (-FAR, FAR)], mix(water, WHITE, 85))
    shore.polygon([*edge, (FAR, FAR), (-FAR, FAR)], sand)
    if dice.chance(50):
        parasol = shore.at(dice.between(-60, 60), 26, 80, dice.between(-50, 50))
        parasol.box(-2, -44, 2, 0, WHITE)
        parasol.polygon(arc(0, -40, 30, 22, -TURN // 2, 0, 8), vary(dice, dice.pick(BRIGHTS)))


def _paint_lighthouse(pen: Pen, dice: Dice, horizon: int, water: Colour) -> None:
    x = dice.pick((-1, 1)) * dice.between(30, 75)
    rock = pen.at(x, horizon + dice.between(12, 34), dice.between(70, 110))
    rock.polygon(((-56, 10), (-34, -12), (-4, -20), (26, -14), (50, 10)), vary(dice, dice.pick(STONES + GRASSES)))
    band = vary(dice, dice.pick(BRIGHTS))
    rock.polygon(((-9, -80), (9, -80), (13, -14), (-13, -14)), WHITE)
    for y in (-70, -44):
        rock.box(-11, y, 11, y + 12, band)
    rock.box(-7, -92, 7, -80, (250, 220, 120))
    rock.polygon(((-9, -92), (0, -102), (9, -92)), band)
    rock.stroke(((-60, 10), (52, 10)), 5, mix(water, WHITE, 70))
