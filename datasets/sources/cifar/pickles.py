"""The Python layout: batches pickled by Python 2, read without letting a pickle call or claim anything.

Where the official files ask for numpy, they get classes of this project, which only keep what they are given. So a
tampered file reaches no code, and takes little more memory than it has bytes.
"""

import numpy as np

from datasets.errors import UserError
from datasets.sources.cifar.cifar_batch import PICTURE_BYTES, CifarBatch
from datasets.sources.cifar.unpickling import StoredArray, unpickle


def decode_pickle(content: bytes, where: str, label_keys: dict[str, bytes]) -> CifarBatch:
    """Returns the pictures of one file, and the labels kept under the key of each label set."""
    try:
        stored = unpickle(content)
        planes = _planes(_value(stored, b"data"))
        labels = {label_set: _labels(_value(stored, key), key, len(planes)) for label_set, key in label_keys.items()}
    except Exception as error:  # a hostile or damaged pickle can raise anything
        reason = str(error)[:200]
        raise UserError(f"{where} is not a CIFAR batch pickled by Python, so it is not read: {reason}.") from error
    return CifarBatch(planes, labels)


def _value(stored: object, key: bytes) -> object:
    if not isinstance(stored, dict) or key not in stored:
        raise ValueError(f"it has no {key.decode()!r}")
    return stored[key]


def _planes(data: object) -> np.ndarray:
    if not isinstance(data, StoredArray):
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
