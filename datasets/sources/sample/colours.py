"""The colours of the sample; the classes share most of them, so that no class is told by colour alone."""

from datasets.sources.sample.dice import Dice

Colour = tuple[int, int, int]

WHITE: Colour = (240, 238, 230)
SUN: Colour = (255, 236, 150)
MOON: Colour = (225, 228, 235)

# From the top of the sky down to the horizon.
DAYS: tuple[tuple[Colour, Colour], ...] = (
    ((70, 130, 210), (190, 222, 240)),
    ((130, 180, 220), (250, 228, 205)),
    ((60, 140, 150), (214, 232, 200)),
    ((128, 138, 150), (204, 208, 206)),
    ((80, 66, 130), (250, 150, 92)),
    ((128, 92, 152), (248, 178, 160)),
    ((200, 120, 70), (255, 220, 130)),
)
NIGHTS: tuple[tuple[Colour, Colour], ...] = (
    ((12, 16, 45), (48, 60, 108)),
    ((22, 12, 50), (104, 54, 104)),
    ((8, 28, 40), (32, 84, 94)),
)
GRASSES: tuple[Colour, ...] = ((70, 122, 52), (104, 142, 60), (52, 98, 66), (142, 148, 72))
EARTHS: tuple[Colour, ...] = ((112, 82, 54), (150, 120, 82), (88, 66, 62), (168, 112, 70))
WATERS: tuple[Colour, ...] = ((30, 90, 150), (36, 124, 136), (56, 78, 112), (84, 138, 170), (40, 104, 92))
STONES: tuple[Colour, ...] = ((150, 140, 128), (120, 116, 120), (172, 142, 110), (92, 92, 104))
BRIGHTS: tuple[Colour, ...] = (
    (214, 40, 48),
    (238, 120, 40),
    (246, 200, 50),
    (232, 110, 150),
    (140, 70, 160),
    (236, 226, 214),
)


def mix(first: Colour, second: Colour, percent: int) -> Colour:
    """Returns the first colour with this percentage of the second."""
    red, green, blue = (a + (b - a) * percent // 100 for a, b in zip(first, second, strict=True))
    return red, green, blue


def lit(colour: Colour, percent: int) -> Colour:
    """Returns the colour under more light (above 100) or less."""
    red, green, blue = (min(255, part * percent // 100) for part in colour)
    return red, green, blue


def vary(dice: Dice, colour: Colour) -> Colour:
    """Returns a colour close by."""
    red, green, blue = (min(255, max(0, part + dice.between(-16, 16))) for part in colour)
    return red, green, blue
