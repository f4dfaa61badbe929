"""The files of one kind of CIFAR, found in a folder or in an archive.

A place is searched for either layout, unpacked or as an archive, under the official names and those of Keras caches.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath

from datasets.errors import UserError
from datasets.folders import Stat
from datasets.sources.cifar.layouts import LAYOUTS, Layout
from datasets.sources.source import SourceGoneError


class NothingFoundError(SourceGoneError):
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

    def contents(self) -> Iterator[tuple[str, str, bytes]]:
        """Yields the name of a file, what to call it in an error, and what it holds; in the layout's order."""
        if self.place.is_dir():
            for name in self.layout.files:
                yield name, str(self.place / name), _read(self.place / name)
        else:
            from datasets.sources.cifar import archive

            members = {name: str(self.inner_folder / name) for name in self.layout.files}
            sizes_bytes = {member: self.sizes_bytes[name] for name, member in members.items()}
            contents = archive.read_files(self.place, sizes_bytes)
            for name, member in members.items():
                yield name, f"{self.place} ({member})", contents.pop(member)

    def refuse_oversized(self) -> None:
        """Refuses a file that is larger than its layout allows, before it is read."""
        for name, size_bytes in self.sizes_bytes.items():
            if size_bytes > (most_bytes := self.layout.most_bytes(name)):
                raise UserError(
                    f"{self.place}: {name} has {size_bytes:,} bytes, and a file of CIFAR by that name has at most "
                    f"{most_bytes:,}, so it is not read. Take an archive you trust."
                )


def find_files(place: Path, kind: str) -> FileSet:
    """Returns the first whole set of files of this kind; folders are tried before archives, which take longer."""
    incomplete = []
    with _explained(place):
        for file_set in chain(_sets_in_folders(place, kind), _sets_in_archives(place, kind)):
            if not file_set.missing:
                file_set.refuse_oversized()
                return file_set
            incomplete.append(file_set)
    raise _nothing_found(place, kind, incomplete)


def list_files(place: Path, kind: str) -> dict[str, Stat]:
    """Returns the files that `find_files` would read, with their stats, by their paths within the place; opens none.

    They are those of a whole set in a folder; or else all archives, since only their contents say which of them it is.
    """
    incomplete = []
    with _explained(place):
        for file_set in _sets_in_folders(place, kind):
            if not file_set.missing:
                files = [file_set.place / name for name in file_set.layout.files]
                return {str(file.relative_to(place)): _stat(file) for file in files}
            incomplete.append(file_set)
        if archives := _archives(place, kind):
            return {file.name: _stat(file) for file in archives}
    raise _nothing_found(place, kind, incomplete)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NothingFoundError(f"{place} cannot be looked into: {error}.") from error


def _nothing_found(place: Path, kind: str, incomplete: Iterable[FileSet]) -> NothingFoundError:
    begun = "".join(f" {files.place} lacks {', '.join(files.missing)}." for files in incomplete if files.sizes_bytes)
    looked_for = " or ".join(
        f"{', '.join(layout.files)} (in it, in {layout.folder} or in {layout.archive_stem}.tar.gz)"
        for layout in LAYOUTS[kind]
    )
    return NothingFoundError(
        f"{place} {'has no whole ' + kind if place.exists() else 'does not exist'}.{begun} "
        f"Looked there for {looked_for}. Correct [cifar] archives in luigi.cfg, or leave it out to have it downloaded."
    )


def _sets_in_folders(place: Path, kind: str) -> Iterator[FileSet]:
    for layout in LAYOUTS[kind]:
        for folder in _folders(place, layout):
            sizes_bytes = {name: (folder / name).stat().st_size for name in layout.files if (folder / name).is_file()}
            yield FileSet(layout, folder, PurePosixPath(), sizes_bytes)


def _sets_in_archives(place: Path, kind: str) -> Iterator[FileSet]:
    from datasets.sources.cifar import archive  # here, because a look at the place opens none

    for path in _archives(place, kind):
        members = archive.list_files(path)
        inner_folders = dict.fromkeys(PurePosixPath(member).parent for member in members)
        for layout in LAYOUTS[kind]:
            for inner_folder in inner_folders:
                paths = {name: str(inner_folder / name) for name in layout.files}
                sizes_bytes = {name: members[member] for name, member in paths.items() if member in members}
                yield FileSet(layout, path, inner_folder, sizes_bytes)


def _folders(place: Path, layout: Layout) -> list[Path]:
    """Returns the place itself, the official folder in it, and that folder where two generations of Keras put it."""
    folder = layout.folder
    return [place, place / folder, place / folder / folder, place / f"{folder}-target" / folder]


def _archives(place: Path, kind: str) -> list[Path]:
    """Returns archives under the official name or the folder's, and under the names of three generations of Keras.

    A place that is a file is taken for an archive.
    """
    if place.is_file():
        return [place]
    names = []
    for layout in LAYOUTS[kind]:
        for stem in dict.fromkeys((layout.archive_stem, layout.folder)):
            names += [f"{stem}.tar.gz", f"{stem}.tgz", f"{stem}.tar"]
        names += [f"{layout.folder}_archive", f"{layout.folder}-target_archive"]
    return [place / name for name in names if (place / name).is_file()]


def _stat(file: Path) -> Stat:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
