"""The files of one kind of CIFAR, found in a folder or in an archive.

A place is searched for either layout, unpacked or as an archive, under the official names and those of Keras caches.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from datasets.errors import UserError
from datasets.sources.cifar import archive
from datasets.sources.cifar.layouts import LAYOUTS, Layout


class NothingFoundError(UserError):
    """The error that a place has no whole set of files; a whole set that is damaged raises another."""


@dataclass(frozen=True)
class FileSet:
    """The files of one layout in one folder, or in one folder of an archive."""

    layout: Layout
    place: Path  # the folder, or the archive
    inner_folder: PurePosixPath  # within the archive
    sizes_bytes: dict[str, int]  # of those that are there

    @property
    def missing(self) -> list[str]:
        """The files of the layout that are not there."""
        return [name for name in self.layout.files if name not in self.sizes_bytes]

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Yields what to call a file in an error, and what it holds; in the layout's order."""
        if self.place.is_dir():
            for name in self.layout.files:
                yield str(self.place / name), _read(self.place / name)
        else:
            members = [str(self.inner_folder / name) for name in self.layout.files]
            contents = archive.read_files(self.place, members)
            for member in members:
                yield f"{self.place} ({member})", contents.pop(member)


def find_files(place: Path, kind: str) -> FileSet:
    """Returns the first whole set of files of this kind; folders are tried before archives, which take longer."""
    incomplete = []
    try:
        for file_set in _file_sets(place, LAYOUTS[kind]):
            if not file_set.missing:
                return file_set
            if file_set.sizes_bytes:
                incomplete.append(f" {file_set.place} lacks {', '.join(file_set.missing)}.")
    except OSError as error:
        raise NothingFoundError(f"{place} cannot be looked into: {error}.") from error
    looked_for = " or ".join(
        f"{', '.join(layout.files)} (in it, in {layout.folder} or in {layout.archive_stem}.tar.gz)"
        for layout in LAYOUTS[kind]
    )
    raise NothingFoundError(
        f"{place} {'has no whole ' + kind if place.exists() else 'does not exist'}.{''.join(incomplete)} "
        f"Looked there for {looked_for}. Correct [cifar] archives in luigi.cfg, or leave it out to have it downloaded."
    )


def _file_sets(place: Path, layouts: tuple[Layout, ...]) -> Iterator[FileSet]:
    for layout in layouts:
        for folder in _folders(place, layout):
            sizes_bytes = {name: (folder / name).stat().st_size for name in layout.files if (folder / name).is_file()}
            yield FileSet(layout, folder, PurePosixPath(), sizes_bytes)
    for path in [place] if place.is_file() else _archives(place, layouts):
        members = archive.list_files(path)
        inner_folders = dict.fromkeys(PurePosixPath(member).parent for member in members)
        for layout in layouts:
            for inner_folder in inner_folders:
                paths = {name: str(inner_folder / name) for name in layout.files}
                sizes_bytes = {name: members[member] for name, member in paths.items() if member in members}
                yield FileSet(layout, path, inner_folder, sizes_bytes)


def _folders(place: Path, layout: Layout) -> list[Path]:
    """Returns the place itself, the official folder in it, and that folder where two generations of Keras put it."""
    folder = layout.folder
    return [place, place / folder, place / folder / folder, place / f"{folder}-target" / folder]


def _archives(place: Path, layouts: tuple[Layout, ...]) -> list[Path]:
    """Returns archives under the official name or the folder's, and under the names of three generations of Keras."""
    names = []
    for layout in layouts:
        for stem in dict.fromkeys((layout.archive_stem, layout.folder)):
            names += [f"{stem}.tar.gz", f"{stem}.tgz", f"{stem}.tar"]
        names += [f"{layout.folder}_archive", f"{layout.folder}-target_archive"]
    return [place / name for name in names if (place / name).is_file()]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
