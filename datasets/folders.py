"""The folders that hold the pictures: `images/<train|test>/<class>/`."""

import os
from collections.abc import Iterator
from pathlib import Path

from datasets.scan import counts

SUBSET_DIRS = ("train", "test")
IMAGES = "images/"  # within a data set's folder
ASIDE = "aside/"  # what the user has of classes that the data set does not have at present, in the same folders


def hold_files(images_dir: Path) -> bool:
    """Whether there is any file in a class folder, hidden ones aside; folders alone are as good as none."""
    return any(True for subset in _within(images_dir) for folder in _within(subset) for _ in _within(folder))


def _within(folder: Path | str) -> Iterator[str]:
    """Read no further than asked: one file of many thousands answers the question above."""
    try:
        with os.scandir(folder) as entries:
            yield from (entry.path for entry in entries if counts(entry.name))
    except OSError:
        return  # no folder, or a closed one
