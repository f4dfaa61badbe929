"""The mushrooms of the sample: toadstools, ceps, bells and chanterelles, alone or in a group."""

from datasets.sources.sample.colours import BRIGHTS, EARTHS, GRASSES, WHITE, Colour, lit, mix, vary
from datasets.sources.sample.dice import Dice
from datasets.sources.sample.pen import FAR, TURN, Pen, Point, arc, mirrored
from datasets.sources.sample.scenery import paint_bystanders, paint_ground, paint_hills, paint_sky, paint_tuft

_CAP_COLOURS = (BRIGHTS[0], BRIGHTS[0], BRIGHTS[1], BRIGHTS[5], *EARTHS)
_FUNNEL: tuple[Point, ...] = ((0, -18), (30, -20), (50, -26), (58, -20), (38, 2), (14, 18), (0, 20))
_CAPS: tuple[tuple[Point, ...], ...] = (
    ((0, -46), (20, -42), (38, -30), (50, -10), (52, 2), (30, 8), (0, 10)),
    ((0, -26), (30, -23), (54, -12), (64, 2), (34, 6), (0, 7)),
    ((0, -66), (12, -60), (22, -40), (32, -12), (38, 6), (20, 10), (0, 12)),
    _FUNNEL,
)


def paint_mushroom(pen: Pen, dice: Dice) -> None:
    """Paints mushrooms in a forest or a clearing."""
    if dice.chance(60):
        _paint_forest(pen, dice)
    else:
        _paint_clearing(pen, dice)
    cap, colour = dice.pick(_CAPS), dice.pick(_CAP_COLOURS)
    if dice.chance(50):
        place = pen.at(dice.between(-32, 32), dice.between(-20, 26), dice.between(85, 135))
        _paint_one(place, dice, cap, colour)
    else:
        for x in dice.sample((-52, 0, 50), dice.between(2, 3)):
            place = pen.at(x + dice.between(-10, 10), dice.between(-10, 44), dice.between(45, 90), x // 2)
            _paint_one(place, dice, cap, colour)


def _paint_clearing(pen: Pen, dice: Dice) -> None:
    horizon = dice.between(-50, 30)
    haze = paint_sky(pen, dice, horizon)
    paint_hills(pen, dice, horizon, haze)
    paint_ground(pen, dice, horizon, haze)
    paint_bystanders(pen, dice, horizon, haze)


def _paint_forest(pen: Pen, dice: Dice) -> None:
    """Paints trunks before a green dusk, and fallen leaves."""
    depth = vary(dice, dice.pick(GRASSES))
    pen.box(-FAR, -FAR, FAR, FAR, lit(depth, dice.between(45, 110)))
    for _ in range(dice.between(2, 6)):
        x, width = dice.between(-120, 120), dice.between(6, 26)
        pen.box(x, -FAR, x + width, 60, lit(mix(dice.pick(EARTHS), depth, 40), dice.between(45, 100)))
    horizon = dice.between(-10, 50)
    paint_ground(pen, dice, horizon, depth)
    for _ in range(dice.between(4, 12)):
        leaf = pen.at(dice.between(-110, 110), horizon + dice.between(4, 100), 70, dice.between(0, TURN))
        leaf.polygon(((0, 0), (6, -8), (0, -20), (-6, -8)), vary(dice, dice.pick(BRIGHTS[:3] + EARTHS)))


def _paint_one(pen: Pen, dice: Dice, cap: tuple[Point, ...], colour: Colour) -> None:
    """Paints a mushroom whose cap sits on the origin; the stem goes down from there."""
    colour, pale = vary(dice, colour), vary(dice, dice.pick((WHITE, (226, 206, 170), (190, 168, 140))))
    girth, height, bend = dice.between(7, 20), dice.between(50, 84), dice.between(-10, 10)
    foot = girth + dice.between(-2, 9)
    pen.polygon(((-girth, 0), (girth, 0), (bend + foot, height), (bend - foot, height)), pale)
    pen.polygon(((girth // 3, 0), (girth, 0), (bend + foot, height), (bend + foot // 2, height)), lit(pale, 80))
    if dice.chance(50):
        pen.polygon(arc(0, 16, girth + 9, 12, 0, TURN // 2, 6), lit(pale, 92))
    paint_tuft(pen.at(bend, height + 4, 90), dice, lit(dice.pick(GRASSES), 80))
    head = pen.at(0, 0, 100, dice.between(-50, 50))
    head.polygon(mirrored(cap), colour)
    head.polygon([(x * 7 // 10 + 12, y * 8 // 10 - 2) for x, y in cap[:-2]] + [(18, -6)], lit(colour, 84))
    edge = cap[-3][0]
    head.oval(0, 5, edge * 8 // 10, 6, lit(pale, 72))
    if cap is not _FUNNEL and dice.chance(45):
        _paint_dots(head, dice, cap)


def _paint_dots(pen: Pen, dice: Dice, cap: tuple[Point, ...]) -> None:
    top, edge = -cap[0][1], cap[-3][0]
    for x in range(-edge * 7 // 10, edge * 7 // 10 + 1, max(9, edge // 3)):
        lowest = -8
        highest = -(top - top * abs(x) // edge) * 8 // 10
        size = dice.between(4, 8)
        pen.oval(x, dice.between(min(highest, lowest), lowest), size, size - 1, WHITE)
