"""A listed source folder as arrays: its files are numbered, train first, and each is decoded when it is asked for.

Reads the user's files, one at a time; writes nothing.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from datasets.arrays import Arrays
from datasets.errors import UserError
from datasets.pictures import UnreadablePictureError, decode_picture
from datasets.sources.folder.file_names import natural_key
from datasets.sources.folder.folder_listing import SourceFile, SourceListing


def load(listing: SourceListing, side_pixels: int, fit: str) -> Arrays:
    """Returns every picture, sorted by subset, class and name, brought to a square of this side."""
    label_of = {name: label for label, name in enumerate(listing.classes)}

    def in_order(files: Iterable[SourceFile]) -> list[SourceFile]:
        return sorted(files, key=lambda file: (label_of[file.class_name], natural_key(file.path)))

    files = in_order(listing.train) + in_order(listing.test)
    paths = tuple(file.path for file in files)
    return Arrays(
        pixels=FolderPixels(listing.root, paths, side_pixels, fit),
        labels=np.array([label_of[file.class_name] for file in files], np.int64),
        classes=listing.classes,
        train_count=len(listing.train),
        files=paths,
        fit=fit,
    )


class FolderPixels:
    """The pictures of a source folder by number; each access reads the file again."""

    def __init__(self, root: Path, paths: Sequence[str], side_pixels: int, fit: str) -> None:
        self._root, self._paths, self._fit = root, paths, fit
        self.shape = (len(paths), side_pixels, side_pixels, 3)

    def __getitem__(self, number: int) -> np.ndarray:
        """Returns one picture, uint8 [height, width, 3]; raises UnreadablePictureError."""
        _, height, width, _ = self.shape
        return decode_picture(self._read(self._root / self._paths[number]), height, width, self._fit)

    def _read(self, path: Path) -> bytes:
        try:
            if path.exists() and not path.is_file():  # opening a pipe would wait for its writer
                raise UnreadablePictureError("is a folder or another thing that is no file")
            return path.read_bytes()
        except OSError as error:
            if not self._root.is_dir():
                raise UserError(f"{self._root} was there and has gone; connect its disk, then run again") from error
            raise UnreadablePictureError(f"cannot be read: {error.strerror}") from error
