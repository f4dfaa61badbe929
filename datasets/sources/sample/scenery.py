"""The scenery behind and in front of every subject: skies, land, and things that stand there."""

from datasets.sources.sample.colours import (
    BRIGHTS,
    DAYS,
    EARTHS,
    GRASSES,
    MOON,
    NIGHTS,
    STONES,
    SUN,
    WATERS,
    WHITE,
    Colour,
    lit,
    mix,
    vary,
)
from datasets.sources.sample.dice import Dice
from datasets.sources.sample.pen import FAR, TURN, Pen, arc


def paint_sky(pen: Pen, dice: Dice, horizon: int, night_percent: int = 15) -> Colour:
    """Paints the sky and what is in it; returns its colour at the horizon, which far things take on."""
    night = dice.chance(night_percent)
    top, low = (vary(dice, colour) for colour in dice.pick(NIGHTS if night else DAYS))
    pen.box(-FAR, -FAR, FAR, FAR, top)
    pen.fade(horizon - 170, horizon, top, low)
    if night:
        for _ in range(dice.between(8, 22)):
            x, y, size = dice.between(-130, 130), horizon - dice.between(5, 190), dice.between(1, 3)
            pen.box(x, y, x + size, y + size, WHITE)
    if dice.chance(40):
        x, y, size = dice.between(-90, 90), horizon - dice.between(10, 120), dice.between(9, 24)
        glow = MOON if night else SUN
        pen.oval(x, y, size * 3 // 2, size * 3 // 2, mix(low, glow, 40))
        pen.oval(x, y, size, size, glow)
    for _ in range(dice.pick((0, 0, 1, 2, 3))):
        paint_cloud(pen.at(dice.between(-110, 110), horizon - dice.between(20, 140), dice.between(50, 120)), dice, low)
    return low


def paint_cloud(pen: Pen, dice: Dice, sky: Colour) -> None:
    """Paints a cloud."""
    colour = mix(sky, WHITE, dice.between(20, 70))
    for x in (-24, 0, 22):
        pen.oval(x + dice.between(-6, 6), dice.between(-6, 4), dice.between(16, 26), dice.between(7, 13), colour)


def paint_hills(pen: Pen, dice: Dice, horizon: int, haze: Colour) -> None:
    """Paints hills on the horizon, or none."""
    for distance in range(dice.between(0, 2), 0, -1):
        colour = mix(vary(dice, dice.pick(GRASSES + STONES)), haze, 25 + 25 * distance)
        x = -160
        while x < 160:
            width = dice.between(40, 90)
            pen.polygon(arc(x, horizon + 4, width, dice.between(10, 22 + 14 * distance), -TURN // 2, 0, 8), colour)
            x += width


def paint_ground(pen: Pen, dice: Dice, horizon: int, haze: Colour) -> None:
    """Paints meadow or bare earth from the horizon down, with tufts and stones."""
    colour = vary(dice, dice.pick(GRASSES * 4 + EARTHS))
    pen.fade(horizon, horizon + 110, mix(colour, haze, 40), lit(colour, 80), steps=8)
    for _ in range(dice.between(4, 14)):
        x, y = dice.between(-130, 130), horizon + dice.between(8, 130)
        if dice.chance(70):
            paint_tuft(pen.at(x, y, 60), dice, lit(colour, dice.between(70, 125)))
        else:
            pen.oval(x, y, dice.between(3, 9), dice.between(2, 5), vary(dice, dice.pick(STONES)))


def paint_tuft(pen: Pen, dice: Dice, colour: Colour) -> None:
    """Paints a tuft of grass."""
    for x in (-6, 0, 6):
        pen.polygon(((x - 3, 0), (x + dice.between(-14, 14), -dice.between(14, 34)), (x + 3, 0)), colour)


def paint_water(pen: Pen, dice: Dice, horizon: int, haze: Colour) -> Colour:
    """Paints calm water from the horizon down; returns its colour."""
    colour = vary(dice, dice.pick(WATERS))
    pen.fade(horizon, horizon + 120, mix(colour, haze, 45), lit(colour, 75), steps=8)
    for _ in range(dice.between(5, 14)):
        x, depth = dice.between(-130, 130), dice.between(3, 110)
        pen.box(x, horizon + depth, x + 10 + depth // 4, horizon + depth + 2, mix(colour, haze, dice.between(20, 70)))
    return colour


def paint_bystanders(pen: Pen, dice: Dice, horizon: int, haze: Colour) -> None:
    """Paints trees, houses and flowers on the ground behind the subject."""
    for _ in range(dice.pick((0, 0, 0, 0, 1, 2))):
        thing = dice.pick((_paint_tree, _paint_tree, _paint_house, _paint_blossom, _paint_post))
        thing(pen.at(dice.between(-110, 110), horizon + dice.between(2, 50), dice.between(40, 110)), dice, haze)


def _paint_tree(pen: Pen, dice: Dice, haze: Colour) -> None:
    colour = mix(vary(dice, dice.pick(GRASSES)), haze, dice.between(0, 40))
    pen.box(-3, -30, 3, 0, mix(dice.pick(EARTHS), haze, 20))
    if dice.chance(50):
        pen.polygon(((-20, -16), (0, -80), (20, -16)), colour)
    else:
        pen.oval(0, -44, 20, 24, colour)


def _paint_house(pen: Pen, dice: Dice, haze: Colour) -> None:
    pen.box(-22, -26, 22, 0, mix(vary(dice, dice.pick((*STONES, WHITE))), haze, 20))
    pen.polygon(((-27, -26), (0, -50), (27, -26)), mix(vary(dice, dice.pick(BRIGHTS[:2] + EARTHS)), haze, 20))
    pen.box(-6, -18, 6, 0, (70, 60, 60))


def _paint_blossom(pen: Pen, dice: Dice, haze: Colour) -> None:
    pen.box(-2, -26, 2, 0, dice.pick(GRASSES))
    pen.oval(0, -30, 11, 10, vary(dice, dice.pick(BRIGHTS)))
    pen.oval(0, -30, 4, 4, mix(dice.pick(BRIGHTS), haze, 20))


def _paint_post(pen: Pen, dice: Dice, haze: Colour) -> None:
    colour = mix(vary(dice, dice.pick(STONES + EARTHS)), haze, 20)
    pen.box(-5, -90, 5, 0, colour)
    pen.polygon(((-9, -90), (0, -108), (9, -90)), vary(dice, dice.pick(BRIGHTS)))


def paint_foreground(pen: Pen, dice: Dice) -> None:
    """Paints something between the painter and the subject, or nothing."""
    thing = dice.pick(
        (None, None, None, None, None, None, None, None, _paint_blades, _paint_branch, _paint_railing, _paint_blur)
    )
    if thing:
        thing(pen, dice)


def _paint_blades(pen: Pen, dice: Dice) -> None:
    colour = lit(dice.pick(GRASSES), dice.between(40, 110))
    for _ in range(dice.between(5, 14)):
        x, lean = dice.between(-110, 110), dice.between(-34, 34)
        pen.polygon(((x - 5, 115), (x + lean, dice.between(0, 80)), (x + 5, 115)), lit(colour, dice.between(80, 120)))


def _paint_branch(pen: Pen, dice: Dice) -> None:
    side, y = dice.pick((-1, 1)), dice.between(-90, 10)
    colour = lit(dice.pick(GRASSES), dice.between(40, 110))
    reach = dice.between(20, 110)
    pen.stroke(((side * 120, y), (side * (110 - reach), y + dice.between(-20, 30))), 5, lit(dice.pick(EARTHS), 60))
    for step in range(20, reach, 14):
        leaf = pen.at(side * (114 - step), y + dice.between(-6, 12), 100, dice.between(0, TURN))
        leaf.polygon(((0, 0), (9, -12), (0, -34), (-9, -12)), lit(colour, dice.between(80, 125)))


def _paint_railing(pen: Pen, dice: Dice) -> None:
    colour, y = lit(dice.pick(STONES + EARTHS), dice.between(35, 110)), dice.between(45, 80)
    pen.box(-FAR, y, FAR, y + 7, colour)
    for x in range(-150 + dice.between(0, 30), 150, dice.between(26, 44)):
        pen.box(x, y - 16, x + 7, 130, colour)


def _paint_blur(pen: Pen, dice: Dice) -> None:
    x, y = dice.pick((-80, 80)) + dice.between(-24, 24), dice.between(-90, 100)
    pen.oval(x, y, dice.between(20, 50), dice.between(20, 50), vary(dice, dice.pick(BRIGHTS + GRASSES)))
