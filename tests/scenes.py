"""The pictures of tests that show something: patches of colour with detail in them, another scene for each seed."""

import numpy as np
from PIL import Image

MARGIN = 4


def scene(seed: int, side: int = 32, right: int = 0) -> np.ndarray:
    """Returns one scene, uint8 [side, side, 3]; the camera may look a few dots further right."""
    random = np.random.default_rng(seed)
    canvas = np.zeros((side + 2 * MARGIN, side + 2 * MARGIN, 3))
    for grain, strength in ((4, 120), (16, 90)):
        noise = Image.fromarray(random.integers(0, 256, (grain, grain, 3), np.uint8))
        canvas += np.asarray(noise.resize(canvas.shape[:2], Image.Resampling.BICUBIC), float) * strength / 256
    return canvas[MARGIN : MARGIN + side, MARGIN + right : MARGIN + right + side].astype(np.uint8)


def grainy(pixels: np.ndarray, seed: int, strength: float = 4) -> np.ndarray:
    """Returns the same picture, taken once more."""
    grain = np.random.default_rng(seed).normal(0, strength, pixels.shape)
    return (pixels + grain).clip(0, 255).astype(np.uint8)
