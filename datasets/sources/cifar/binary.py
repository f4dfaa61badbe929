"""The binary layout: records of a byte for each label set, then the red, the green and the blue plane."""

import numpy as np

from datasets.errors import UserError
from datasets.sources.cifar.batch import PICTURE_BYTES, Batch


def decode(content: bytes, where: str, label_sets: tuple[str, ...]) -> Batch:
    """One file's records; `label_sets` are in the order of their bytes."""
    record_bytes = len(label_sets) + PICTURE_BYTES
    whole_count, rest_bytes = divmod(len(content), record_bytes)
    if rest_bytes:
        raise UserError(
            f"{where} is not whole records of {record_bytes} bytes: record {whole_count} (the first is 0) "
            f"has only {rest_bytes}. The file is cut short or of another kind: fetch it again."
        )
    records = np.frombuffer(content, np.uint8).reshape(whole_count, record_bytes)
    labels = {label_set: records[:, position] for position, label_set in enumerate(label_sets)}
    return Batch(records[:, len(label_sets) :], labels)
