"""Predicts classes with a trained model, from each picture as it is or averaged over several views of it."""

import itertools
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.backend import prepare_tensorflow
from models.building.probabilities import of_every_class

PICTURES_AT_ONCE = 256  # small ones; of large ones as many as fill the same memory
_PIXELS_AT_ONCE = PICTURES_AT_ONCE * 64 * 64


class View(NamedTuple):
    """A view of a picture: mirrored or not, and shifted by so many pixels, with the gap filled by reflection."""

    is_mirrored: bool = False
    down: int = 0
    right: int = 0

    def of(self, pixels: np.ndarray) -> np.ndarray:
        """Returns the pictures in this view."""
        viewed = pixels[:, :, ::-1] if self.is_mirrored else pixels
        if not self.down and not self.right:
            return viewed
        height, width = viewed.shape[1:3]
        up, left = abs(self.down), abs(self.right)
        padded = np.pad(viewed, ((0, 0), (up, up), (left, left), (0, 0)), mode="reflect")
        return padded[:, up - self.down :, left - self.right :][:, :height, :width]


_MOVES = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))

VIEWS: Mapping[str, tuple[View, ...]] = {
    "none": (View(),),
    "mirror": (View(), View(is_mirrored=True)),
    "shifts": tuple(View(False, *move) for move in _MOVES),
    "mirrored_shifts": tuple(View(mirrored, *move) for mirrored, move in itertools.product((False, True), _MOVES)),
}


class Predictor:
    """A trained model, loaded once to predict often."""

    def __init__(self, model_path: Path) -> None:
        prepare_tensorflow()
        import keras

        self._model = keras.models.load_model(model_path, compile=False)
        shapes = (getattr(layer.output, "shape", ()) for layer in self._model.layers)
        pixel_counts = (math.prod(shape[1:3]) for shape in shapes if len(shape) == 4 and None not in shape[1:3])
        self._most_pixels = max(pixel_counts, default=0)  # a model with a backbone enlarges pictures

    @property
    def sides(self) -> tuple[int | None, int | None]:
        """The height and width of the pictures that it takes, None where it takes any."""
        _, height, width, _ = self._model.input_shape
        return height, width

    def predict(self, pixels: np.ndarray, tta: str = "none") -> np.ndarray:
        """Returns the probability of every class for every picture, float32 [n, classes]."""
        return np.concatenate(list(self.predict_in_batches(pixels, tta)))

    def predict_in_batches(self, pixels: np.ndarray, tta: str = "none") -> Iterator[np.ndarray]:
        """Yields the probabilities of one batch of the pictures after the other."""
        at_once = pictures_at_once(max(self._most_pixels, math.prod(pixels.shape[1:3])))
        for start in range(0, len(pixels), at_once):
            yield self._predict_batch(pixels[start : start + at_once], tta)

    def _predict_batch(self, pixels: np.ndarray, tta: str) -> np.ndarray:
        outputs = [self._model.predict_on_batch(view.of(pixels)) for view in VIEWS[tta]]
        return np.asarray(of_every_class(np.mean(outputs, axis=0)))


def pictures_at_once(pixel_count: int) -> int:
    """Returns how many pictures of so many pixels make a batch."""
    return max(1, min(PICTURES_AT_ONCE, _PIXELS_AT_ONCE // pixel_count))


def predict(model_path: Path, pixels: np.ndarray, tta: str = "none") -> np.ndarray:
    """Returns the probability of every class for every picture, float32 [n, classes]."""
    return Predictor(model_path).predict(pixels, tta)
