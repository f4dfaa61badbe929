"""What a trained model says of pictures, of each as it is or averaged over several views of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from models.backend import prepare_tensorflow
from models.probabilities import of_every_class

PICTURES_AT_ONCE = 256

View = Callable[[np.ndarray], np.ndarray]


def as_it_is(pixels: np.ndarray) -> np.ndarray:
    return pixels


def mirrored(pixels: np.ndarray) -> np.ndarray:
    return pixels[:, :, ::-1]


VIEWS: Mapping[str, tuple[View, ...]] = {"none": (as_it_is,), "mirror": (as_it_is, mirrored)}


def predict(model_path: Path, pixels: np.ndarray, tta: str = "none") -> np.ndarray:
    """The probability of every class for every picture, float32 [n, classes]."""
    prepare_tensorflow()
    import keras

    model = keras.models.load_model(model_path, compile=False)
    said = [model.predict(view(pixels), batch_size=PICTURES_AT_ONCE, verbose=0) for view in VIEWS[tta]]
    return np.asarray(of_every_class(np.mean(said, axis=0)))
