"""The pictures that have no label: one file, or every file in a folder and below, decoded a batch at a time.

Hidden and system files are passed over; links are followed. Writes nothing.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasets.errors import UserError
from datasets.folders import counts
from datasets.pictures import UnreadablePictureError
from datasets.prefetch import prefetch
from datasets.sources.folder.load_folder import FolderPixels


class UnlabelledBatch(NamedTuple):
    """A few files in their order: why each cannot be used (empty where it can), and the pixels of those that can."""

    paths: Sequence[str]
    reasons: Sequence[str]
    pixels: np.ndarray  # uint8 [readable, height, width, 3]


def list_files(place: Path) -> list[str]:
    """Returns the path of the file itself, or the sorted paths of all files below a folder."""
    if not place.exists():
        raise UserError(f"{place}: there is no picture or folder of that name")
    if not place.is_dir():
        return [str(place)]
    found, seen = [], set()
    for folder, folders, files in os.walk(place, onerror=_refuse_closed, followlinks=True):
        status = Path(folder).stat()
        if (identity := (status.st_dev, status.st_ino)) in seen:  # a link to a folder above itself
            folders.clear()
            continue
        seen.add(identity)
        folders[:] = filter(counts, folders)
        found += [os.path.join(folder, name) for name in files if counts(name)]  # noqa: PTH118 - as it was typed
    return sorted(found)


def _refuse_closed(error: OSError) -> None:
    raise UserError(f"{error.filename} cannot be looked into: {error.strerror}. Make it readable, or move it away")


def decode_files(paths: Sequence[str], side_pixels: int, fit: str, at_once: int) -> Iterator[UnlabelledBatch]:
    """Yields the files in batches of `at_once`; the next ones are decoded meanwhile."""
    pictures = prefetch(FolderPixels(Path(), paths, side_pixels, fit), range(len(paths)))
    for first in range(0, len(paths), at_once):
        of_batch, reasons, pixels = paths[first : first + at_once], [], []
        for _, picture in zip(of_batch, pictures, strict=False):
            try:
                pixels.append(picture())
                reasons.append("")
            except UnreadablePictureError as error:
                reasons.append(str(error))
        empty = np.empty((0, side_pixels, side_pixels, 3), np.uint8)
        yield UnlabelledBatch(of_batch, reasons, np.stack(pixels) if pixels else empty)
