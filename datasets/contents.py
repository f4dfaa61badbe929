"""The contents of the files in the folders, hashed again only where their stat changed since they were last hashed.

Keeps the hashes in `index/stat-cache` in the data set's folder.
"""

import hashlib
import marshal
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from datasets.folders import IMAGES, UNREADABLE, ImageListing, list_images
from datasets.stat_cache import HashedFile, StatCache, let_the_clock_tick

Replacement = Callable[[str, str], bytes]  # gives the content of a lost picture by its path and hash


class PictureFile(NamedTuple):
    """A file in the folders: the hash of its content, and why it cannot be used (empty where it can)."""

    path: str
    sha256: str
    rejected: str


class Contents(NamedTuple):
    """Every file, sorted by path; the digest of all; the listing they were read from."""

    pictures: list[PictureFile]
    digest: str
    listing: ImageListing


class FolderSnapshot:
    """The files in the image folders of a data set at one moment.

    `reader` names the code that tells a picture from another file: where it changed, all files are checked again.
    """

    def __init__(self, home: Path, reader: str) -> None:
        self._images_dir, self._cache = home / IMAGES, StatCache(home / "index" / "stat-cache", reader)
        self.listing = list_images(self._images_dir)

    @property
    def digest(self) -> str | None:
        """The digest of all contents, or None where some must be read first."""
        return self._cache.digest(self.listing.signature)

    def changed_paths(self) -> list[str]:
        """Returns the pictures that were added, removed or changed since their contents were last read."""
        stats = self.listing.stats
        remembered = {path: known.stat for path, known in self._cache.table().items()}
        return sorted(path for path in stats.keys() | remembered.keys() if stats.get(path) != remembered.get(path))

    def read(self, exported: Callable[[], Collection[str]]) -> Contents:
        """Returns the contents; reads the files that changed since the cache was written.

        `exported` gives the hashes of the exported files, which need no check whether they are pictures.
        """
        let_the_clock_tick(self.listing.stats.values())
        remembered = self._cache.table()
        known = _KnownPictures({file.sha256 for file in remembered.values() if not file.rejected}, exported)
        pictures = [PictureFile(path, "", reason) for path, reason in self.listing.unreadable.items()]
        unknown = set()
        for path, stat in self.listing.stats.items():
            hashed = remembered.get(path)
            if hashed is not None and hashed.stat == stat:
                pictures.append(PictureFile(path, hashed.sha256, hashed.rejected))
            else:
                picture = _read_picture(self._images_dir, path, known)
                pictures += [picture] if picture else []
                if picture is None or not picture.sha256:
                    unknown.add(path)  # gone, or not to be read this time
        pictures.sort()
        stats = {path: stat for path, stat in self.listing.stats.items() if path not in unknown}
        listing = ImageListing(stats, self.listing.unreadable) if unknown else self.listing
        digest = hashlib.sha256(marshal.dumps([tuple(picture) for picture in pictures], 2)).hexdigest()
        return Contents(pictures, digest, listing)

    def remember(self, contents: Contents) -> None:
        """Writes the cache."""
        pictures, digest, listing = contents
        stats = listing.stats
        table = ((p.path, HashedFile(stats[p.path], p.sha256, p.rejected)) for p in pictures if p.path in stats)
        self._cache.write(listing.signature, digest, table)


def read_as_indexed(images_dir: Path, path: str, sha256: str, lost: Replacement) -> bytes:
    """Returns the content of a picture as it was indexed; `lost` gives it where the file has changed or gone since."""
    try:
        content = (images_dir / path).read_bytes()
    except OSError:
        return lost(path, sha256)
    return content if hashlib.sha256(content).hexdigest() == sha256 else lost(path, sha256)


class _KnownPictures:
    """The hashes of files known to be pictures; those of the export are read only if the others are not enough."""

    def __init__(self, remembered: set[str], exported: Callable[[], Collection[str]]) -> None:
        self._remembered, self._read_exported = remembered, exported

    @cached_property
    def _exported(self) -> Collection[str]:
        return self._read_exported()

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._remembered or sha256 in self._exported


def _read_picture(images_dir: Path, path: str, known: _KnownPictures) -> PictureFile | None:
    """Returns one file with its hash; None where it was moved or deleted since the folder was listed."""
    try:
        with open(f"{images_dir}/{path}", "rb") as file:  # noqa: PTH123 - takes two thirds of Path.open's time, 60,000 times
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        return PictureFile(path, "", f"{UNREADABLE}{error.strerror}")
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 in known:
        return PictureFile(path, sha256, "")
    from datasets.pictures import reject_reason  # here, because planning must not load what decodes pictures

    return PictureFile(path, sha256, reject_reason(content))
