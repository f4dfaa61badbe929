"""The rockets of the sample: lifting off, on the pad, and among the planets."""

from datasets.sources.sample.colours import BRIGHTS, STONES, SUN, WHITE, Colour, lit, mix, vary
from datasets.sources.sample.dice import Dice
from datasets.sources.sample.pen import FAR, Pen, mirrored
from datasets.sources.sample.scenery import paint_bystanders, paint_ground, paint_hills, paint_sky, paint_water

_BODIES = (
    ((0, -86), (8, -72), (15, -46), (17, -10), (14, 36)),
    ((0, -92), (5, -78), (10, -60), (10, 0), (10, 40)),
    ((0, -68), (14, -54), (23, -28), (23, 4), (15, 32)),
)
_HULLS: tuple[Colour, ...] = (WHITE, (196, 204, 214), (150, 156, 170), (236, 214, 170), BRIGHTS[0], BRIGHTS[1])


def paint_rocket(pen: Pen, dice: Dice) -> None:
    """Paints a rocket in space, lifting off or on its pad."""
    scene = dice.pick((_paint_space, _paint_lift_off, _paint_lift_off, _paint_pad))
    scene(pen, dice)


def _paint_space(pen: Pen, dice: Dice) -> None:
    pen.box(-FAR, -FAR, FAR, FAR, vary(dice, (20, 22, 52)))
    for _ in range(dice.between(10, 30)):
        x, y, size = dice.between(-110, 110), dice.between(-110, 110), dice.between(1, 4)
        pen.box(x, y, x + size, y + size, WHITE)
    colour, size = vary(dice, dice.pick((*BRIGHTS, *STONES))), dice.between(18, 70)
    planet = pen.at(dice.between(-110, 110), dice.between(-100, 100), size, dice.between(-90, 90))
    planet.oval(0, 0, 100, 100, lit(colour, 80))
    planet.oval(-14, -10, 80, 80, colour)
    if dice.chance(50):
        planet.oval(0, 0, 150, 22, mix(colour, WHITE, 40))
    place = (dice.between(-30, 30), dice.between(-20, 20))
    _paint_one(pen.at(*place, dice.between(65, 105), dice.between(-110, 110)), dice, flying=True)


def _paint_lift_off(pen: Pen, dice: Dice) -> None:
    horizon = dice.between(30, 90)
    _paint_coast(pen, dice, horizon)
    x, y = dice.between(-40, 40), dice.between(-35, 5)
    for _ in range(dice.between(0, 7)):
        place = (x + dice.between(-44, 44), dice.between(y + 84, 100))
        pen.oval(*place, dice.between(14, 34), dice.between(10, 22), vary(dice, (206, 200, 196)))
    _paint_one(pen.at(x, y, dice.between(60, 100), dice.between(-30, 30)), dice, flying=True)


def _paint_pad(pen: Pen, dice: Dice) -> None:
    horizon = dice.between(10, 60)
    _paint_coast(pen, dice, horizon)
    x, size = dice.between(-36, 36), dice.between(65, 100)
    place = pen.at(x, horizon - 20, size)
    steel = lit(vary(dice, dice.pick(STONES)), 80)
    side = dice.pick((-1, 1))
    for edge in (36, 54):
        place.stroke(((side * edge, -80), (side * edge, 60)), 4, steel)
    for y in range(-76, 50, 24):
        place.stroke(((side * 36, y), (side * 54, y + 20)), 3, steel)
    place.stroke(((side * 12, -36), (side * 40, -36)), 4, steel)
    place.box(-60, 46, 60, 60, steel)
    _paint_one(place, dice, flying=False)


def _paint_coast(pen: Pen, dice: Dice, horizon: int) -> None:
    haze = paint_sky(pen, dice, horizon, night_percent=45)
    paint_hills(pen, dice, horizon, haze)
    if dice.chance(45):
        paint_water(pen, dice, horizon, haze)
    else:
        paint_ground(pen, dice, horizon, haze)
        paint_bystanders(pen, dice, horizon, haze)


def _paint_one(pen: Pen, dice: Dice, flying: bool) -> None:
    """Paints a rocket; the middle of its hull is the origin."""
    body, hull = dice.pick(_BODIES), vary(dice, dice.pick(_HULLS))
    accent = vary(dice, dice.pick(BRIGHTS))
    width, foot = body[-2][0], body[-1][1]
    if flying:
        length = dice.between(20, 64)
        pen.polygon(
            mirrored(((0, foot + length), (width, foot + length // 3), (width * 2 // 3, foot - 2))), (250, 140, 40)
        )
        pen.polygon(mirrored(((0, foot + length // 2), (width // 2, foot + 4), (width // 3, foot - 2))), SUN)
    spread = dice.between(10, 24)
    fin = ((width - 3, foot - 34), (width + spread, foot + 4), (width + spread - 3, foot + 18), (width - 5, foot - 2))
    pen.polygon(fin, lit(accent, 80))
    pen.polygon([(-x, y) for x, y in fin], accent)
    if dice.chance(30):
        for side in (-1, 1):
            x = side * (width + 5)
            pen.polygon(((x - 6, -10), (x, -26), (x + 6, -10), (x + 6, foot), (x - 6, foot)), lit(hull, 84))
    pen.polygon(mirrored(body), hull)
    pen.polygon([(x // 3, y) for x, y in body] + list(reversed(body)), lit(hull, 78))
    pen.polygon(mirrored(body[:3]), accent)
    for number in range(dice.between(0, 2)):
        pen.oval(0, body[2][1] + 16 + 24 * number, width // 2, width // 2, (60, 66, 80))
        pen.oval(0, body[2][1] + 16 + 24 * number, width // 3, width // 3, (150, 210, 230))
    if dice.chance(40):
        pen.box(-width + 2, foot - 18, width - 2, foot - 10, accent)
