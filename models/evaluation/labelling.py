"""Names pictures that have no label, as a trained model sees them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasets.unlabelled import decode_files
from models.evaluation.prediction import Predictor, pictures_at_once


class Named(NamedTuple):
    """One file, and the probability of each class; or why it cannot be used."""

    path: str
    probabilities: np.ndarray
    reason: str = ""

    @property
    def label(self) -> int:
        """That of the most probable class."""
        return int(self.probabilities.argmax())

    @property
    def probability(self) -> float:
        """That of the most probable class."""
        return float(self.probabilities.max())


def name_files(
    model_path: Path, paths: Sequence[str], side_pixels: int, fit: str, tta: str, advance: Callable[[int], None]
) -> Iterator[Named]:
    """Every file in its order; `side_pixels` counts where the model takes pictures of any size."""
    predictor = Predictor(model_path)
    side = predictor.sides[0] or side_pixels
    for batch in decode_files(paths, side, fit, pictures_at_once(side * side)):
        probabilities = iter(predictor.predict(batch.pixels, tta) if len(batch.pixels) else ())
        for path, reason in zip(batch.paths, batch.reasons, strict=True):
            yield Named(path, np.empty(0), reason) if reason else Named(path, next(probabilities))
        advance(len(batch.paths))
