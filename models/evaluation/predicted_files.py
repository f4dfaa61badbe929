"""Predicts the classes of picture files that have no label."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasets.unlabelled import decode_files
from models.evaluation.prediction import Predictor, pictures_at_once


class PredictedFile(NamedTuple):
    """A file with the probability of each class, or with the reason why it cannot be used."""

    path: str
    probabilities: np.ndarray
    reason: str = ""

    @property
    def label(self) -> int:
        """The label of the most probable class."""
        return int(self.probabilities.argmax())

    @property
    def probability(self) -> float:
        """The probability of the most probable class."""
        return float(self.probabilities.max())


def predict_files(
    model_path: Path, paths: Sequence[str], side_pixels: int, fit: str, tta: str, advance: Callable[[int], None]
) -> Iterator[PredictedFile]:
    """Yields every file in its order; `side_pixels` is used only if the model takes pictures of any size."""
    predictor = Predictor(model_path)
    side = predictor.sides[0] or side_pixels
    for batch in decode_files(paths, side, fit, pictures_at_once(side * side)):
        probabilities = iter(predictor.predict(batch.pixels, tta) if len(batch.pixels) else ())
        for path, reason in zip(batch.paths, batch.reasons, strict=True):
            yield PredictedFile(path, np.empty(0), reason) if reason else PredictedFile(path, next(probabilities))
        advance(len(batch.paths))
