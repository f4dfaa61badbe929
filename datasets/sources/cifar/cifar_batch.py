"""The content of one file of CIFAR, and the binary layout: a byte for each label set, then three planes of colour.

The other layout is in pickles.py.
"""

from dataclasses import dataclass

import numpy as np

from datasets.errors import UserError
from datasets.sources.cifar.classes import CLASSES

SIDE_PIXELS = 32
PLANE_BYTES = SIDE_PIXELS * SIDE_PIXELS
PICTURE_BYTES = 3 * PLANE_BYTES


@dataclass(frozen=True)
class CifarBatch:
    """The pictures as the files keep them, and a label of each label set ("fine", "coarse") for every picture."""

    planes: np.ndarray  # uint8 [n, 3072]: all red, then all green, then all blue
    labels: dict[str, np.ndarray]  # integers [n]

    def check(self, kind: str, where: str, most_pictures: int) -> None:
        """Refuses a file without pictures, with too many, or with a label that no class has."""
        if not len(self.planes):
            raise UserError(f"{where} is empty: it should hold pictures. Fetch it again.")
        if len(self.planes) > most_pictures:
            raise UserError(f"{where} holds {len(self.planes):,} pictures, expected {most_pictures:,} at most.")
        for label_set, labels in self.labels.items():
            class_count = len(CLASSES[kind][label_set])
            wrong = np.flatnonzero((labels < 0) | (labels >= class_count))
            if len(wrong):
                raise UserError(
                    f"{where}: record {wrong[0]} (the first is 0) has the {label_set} label {labels[wrong[0]]}, "
                    f"expected 0 to {class_count - 1}. The file is damaged or not of {kind}: fetch it again."
                )

    def write_pixels(self, pixels: np.ndarray) -> None:
        """Writes the pictures to an array [n, 32, 32, 3]."""
        # A plane at a time takes half as long as one transposed assignment.
        for channel in range(3):
            plane = self.planes[:, channel * PLANE_BYTES : (channel + 1) * PLANE_BYTES]
            pixels[..., channel] = plane.reshape(-1, SIDE_PIXELS, SIDE_PIXELS)


def decode_binary(content: bytes, where: str, label_sets: tuple[str, ...]) -> CifarBatch:
    """Returns the records of one file; `label_sets` are in the order of their bytes."""
    record_bytes = len(label_sets) + PICTURE_BYTES
    whole_count, rest_bytes = divmod(len(content), record_bytes)
    if rest_bytes:
        raise UserError(
            f"{where} is not whole records of {record_bytes} bytes: record {whole_count} (the first is 0) "
            f"has only {rest_bytes}. The file is cut short or of another kind: fetch it again."
        )
    records = np.frombuffer(content, np.uint8).reshape(whole_count, record_bytes)
    labels = {label_set: records[:, position] for position, label_set in enumerate(label_sets)}
    return CifarBatch(records[:, len(label_sets) :], labels)
