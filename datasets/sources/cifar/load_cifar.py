"""The pictures of CIFAR-10 and CIFAR-100, from the first place that has them.

Reads what the user named; or else a Keras cache; or else the official archive, which it downloads once and keeps.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from datasets.arrays import Arrays
from datasets.download import DownloadFailedError, Remote, fetch
from datasets.errors import UserError
from datasets.sources.cifar.cifar_batch import PICTURE_BYTES, SIDE_PIXELS
from datasets.sources.cifar.classes import class_names
from datasets.sources.cifar.file_sets import FileSet, NothingFoundError, find_files
from datasets.sources.source import Places

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Official:
    """An archive as its author publishes it, and how many pictures it holds."""

    remote: Remote
    train_count: int
    test_count: int


# From https://www.cs.toronto.edu/~kriz/cifar.html.
OFFICIAL = {
    "cifar10": Official(
        Remote("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", md5="c32a1d4ab5d03f1284b67883e8d87530"),
        train_count=50_000,
        test_count=10_000,
    ),
    "cifar100": Official(
        Remote("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz", md5="03b5dce01913d631647c71ecec9e9cb8"),
        train_count=50_000,
        test_count=10_000,
    ),
}


def load(kind: str, labels: str, places: Places) -> Arrays:
    """Returns all pictures of "cifar10" or "cifar100" under their "fine" or "coarse" labels."""
    class_names(kind, labels)  # refuses a misspelt kind before anything is searched or downloaded
    found = find_local(kind, places)
    return read(found, kind, labels) if found else read_official(kind, labels, places, OFFICIAL[kind])


def find_local(kind: str, places: Places) -> FileSet | None:
    """Returns the files the user named, which then must be there, or those in a Keras cache."""
    if places.archives is not None:
        return find_files(places.archives, kind)
    with suppress(NothingFoundError):
        return find_files(places.keras_home / "datasets", kind)
    return None


def read_official(kind: str, labels: str, places: Places, official: Official) -> Arrays:
    """Returns the pictures of the official archive, downloaded unless it is there; refuses one with fewer or more."""
    try:
        path = fetch(official.remote, places.downloads)
    except DownloadFailedError as failure:
        raise UserError(
            f"{failure}\nOr set archives in the section [cifar] of luigi.cfg to a folder or archive that holds {kind}."
            "\nThe embedded sample needs no network: luigi --module pipeline FullReport --local-scheduler"
        ) from failure
    arrays = read(find_files(path, kind), kind, labels)
    counts = arrays.train_count, len(arrays.labels) - arrays.train_count
    if counts != (official.train_count, official.test_count):
        raise UserError(
            f"{path} holds {counts[0]} training and {counts[1]} test pictures, "
            f"expected {official.train_count} and {official.test_count}."
        )
    return arrays


def read(files: FileSet, kind: str, labels: str) -> Arrays:
    """Returns every picture of a set of files, in the files' order."""
    logger.info("reading %s from %s", kind, files.place)
    # Either layout spends at least a picture's bytes on each, and pages never written to take no memory: so one array
    # can be filled file by file before the pictures are counted.
    capacity = sum(files.sizes_bytes.values()) // PICTURE_BYTES
    pixels = np.empty((capacity, SIDE_PIXELS, SIDE_PIXELS, 3), np.uint8)
    label_parts: list[np.ndarray] = []
    count = 0
    for name, where, content in files.contents():
        batch = files.layout.decode(content, where)
        batch.check(kind, where, files.layout.most_pictures(name))
        batch.write_pixels(pixels[count : count + len(batch.planes)])
        label_parts.append(batch.labels[labels].astype(np.int64))
        count += len(batch.planes)
    return Arrays(
        pixels=pixels[:count],
        labels=np.concatenate(label_parts),
        classes=class_names(kind, labels),
        train_count=sum(map(len, label_parts[: len(files.layout.train_files)])),
    )
