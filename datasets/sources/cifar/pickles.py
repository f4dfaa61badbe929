"""The Python layout: batches pickled by Python 2, read without letting a pickle call anything.

Where the official files ask for numpy, they get classes of this module, which only keep what they are given; a tampered
file can reach neither numpy's own code nor anything else.
"""

import io
import pickle
from typing import Any

import numpy as np

from datasets.errors import UserError
from datasets.sources.cifar.cifar_batch import PICTURE_BYTES, CifarBatch


def decode_pickle(content: bytes, where: str, label_keys: dict[str, bytes]) -> CifarBatch:
    """Returns the pictures of one file, and the labels kept under the key of each label set."""
    try:
        stored = _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
        planes = _planes(_value(stored, b"data"))
        labels = {label_set: _labels(_value(stored, key), key, len(planes)) for label_set, key in label_keys.items()}
    except Exception as error:  # a hostile or damaged pickle can raise anything
        reason = str(error)[:200]
        raise UserError(f"{where} is not a CIFAR batch pickled by Python, so it is not read: {reason}.") from error
    return CifarBatch(planes, labels)


class _StoredType:
    """A stand-in for numpy.dtype; its state (byte order, alignment) means nothing to bytes."""

    def __init__(self, code: object, *_: object) -> None:
        self.code = code

    def __setstate__(self, state: object) -> None:
        pass


class _StoredArray:
    """A stand-in for an array, which numpy builds empty and then gives its shape, type and bytes."""

    def __init__(self, *_: object) -> None:
        self.array: np.ndarray = np.empty(0, np.uint8)

    def __setstate__(self, state: tuple[int, tuple[int, ...], _StoredType, bool, bytes]) -> None:
        _version, shape, stored_type, is_fortran, content = state
        if stored_type.code not in (b"u1", "u1"):
            raise ValueError(f"it holds an array of type {stored_type.code!r}, expected uint8")
        self.array = np.frombuffer(content, np.uint8).reshape(shape, order="F" if is_fortran else "C")


_ADMITTED = {
    ("numpy", "dtype"): _StoredType,
    ("numpy", "ndarray"): "only ever handed to _reconstruct",
    ("numpy.core.multiarray", "_reconstruct"): _StoredArray,
    ("numpy._core.multiarray", "_reconstruct"): _StoredArray,
}


class _BatchUnpickler(pickle.Unpickler):
    """An unpickler that knows no class but those of the official files."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ADMITTED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no official file does")
        return _ADMITTED[module, name]


def _value(stored: object, key: bytes) -> object:
    if not isinstance(stored, dict) or key not in stored:
        raise ValueError(f"it has no {key.decode()!r}")
    return stored[key]


def _planes(data: object) -> np.ndarray:
    if not isinstance(data, _StoredArray):
        raise ValueError("its 'data' is not an array")
    if data.array.ndim != 2 or data.array.shape[1] != PICTURE_BYTES:
        raise ValueError(f"its 'data' has the shape {data.array.shape}, expected (pictures, {PICTURE_BYTES})")
    return data.array


def _labels(labels: object, key: bytes, picture_count: int) -> np.ndarray:
    if not isinstance(labels, list) or any(type(label) is not int for label in labels):
        raise ValueError(f"its {key.decode()!r} is not a list of whole numbers")
    if len(labels) != picture_count:
        raise ValueError(f"it has {len(labels)} {key.decode()!r} for {picture_count} pictures")
    return np.array(labels, np.int64)
