"""The files that each kind of CIFAR is made of, in the two layouts in which it is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the names of the files are looked up at every command, which must not load numpy
    from datasets.sources.cifar.cifar_batch import CifarBatch


@dataclass(frozen=True)
class Layout:
    """A way to publish one kind of CIFAR; the official archive holds `folder`, which holds the files."""

    folder: str
    archive_stem: str
    train_files: tuple[str, ...]
    test_files: tuple[str, ...]
    decode: Callable[[bytes, str], CifarBatch]  # a file's content, and what to call the file in an error
    most_bytes_of_picture: int  # with its labels and, if the layout has one, its name
    pictures_of_train_file: int = 10_000
    pictures_of_test_file: int = 10_000

    def most_pictures(self, name: str) -> int:
        """Returns how many pictures the published file of that name holds."""
        return self.pictures_of_test_file if name in self.test_files else self.pictures_of_train_file

    def most_bytes(self, name: str) -> int:
        """Returns how large the file of that name may be."""
        return self.most_pictures(name) * self.most_bytes_of_picture

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files."""
        return self.train_files + self.test_files


def _decode_binary(content: bytes, where: str, label_sets: tuple[str, ...]) -> CifarBatch:
    from datasets.sources.cifar.cifar_batch import decode_binary

    return decode_binary(content, where, label_sets)


def _decode_pickle(content: bytes, where: str, label_keys: dict[str, bytes]) -> CifarBatch:
    from datasets.sources.cifar.pickles import decode_pickle

    return decode_pickle(content, where, label_keys)


_PICKLED_BYTES = 4096  # 3,072 are pixels; the published files have some 32 more, of labels and a name
_TRAIN_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))

# The binary layout first: where both are there, it is the quicker one.
LAYOUTS = {
    "cifar10": (
        Layout(
            folder="cifar-10-batches-bin",
            archive_stem="cifar-10-binary",
            train_files=tuple(f"{batch}.bin" for batch in _TRAIN_BATCHES),
            test_files=("test_batch.bin",),
            decode=partial(_decode_binary, label_sets=("fine",)),
            most_bytes_of_picture=3073,
        ),
        Layout(
            folder="cifar-10-batches-py",
            archive_stem="cifar-10-python",
            train_files=_TRAIN_BATCHES,
            test_files=("test_batch",),
            decode=partial(_decode_pickle, label_keys={"fine": b"labels"}),
            most_bytes_of_picture=_PICKLED_BYTES,
        ),
    ),
    "cifar100": (
        Layout(
            folder="cifar-100-binary",
            archive_stem="cifar-100-binary",
            train_files=("train.bin",),
            test_files=("test.bin",),
            decode=partial(_decode_binary, label_sets=("coarse", "fine")),
            most_bytes_of_picture=3074,
            pictures_of_train_file=50_000,
        ),
        Layout(
            folder="cifar-100-python",
            archive_stem="cifar-100-python",
            train_files=("train",),
            test_files=("test",),
            decode=partial(_decode_pickle, label_keys={"fine": b"fine_labels", "coarse": b"coarse_labels"}),
            most_bytes_of_picture=_PICKLED_BYTES,
            pictures_of_train_file=50_000,
        ),
    ),
}
