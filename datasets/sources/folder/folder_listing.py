"""The pictures of any folder, by name and stat: class folders or flat names, on their own or under train/ and test/.

Reads the names and stats of files; opens none, writes nothing. In class folders every file counts, so that the user is
told of those that are no pictures; among flat names, only those that end as the name of a picture does.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple

from datasets.class_names import refuse_unusable_names
from datasets.errors import UserError
from datasets.folders import SUBSET_DIRS, Stat
from datasets.sources.folder.file_names import is_picture, natural_key, stated_class
from datasets.sources.folder.picture_reading import Folder, hold_pictures, look_into, refuse_dead_links
from datasets.sources.source import SourceGoneError


class SourceFile(NamedTuple):
    """A file of a source folder, by its path within it."""

    path: str
    class_name: str
    stat: Stat


@dataclass(frozen=True)
class SourceListing:
    """Every file of a source folder, in no order."""

    root: Path
    train: list[SourceFile]
    test: list[SourceFile]
    summary: ClassVar[str] = ""  # the paths and the contents of the files say all

    @property
    def files(self) -> list[SourceFile]:
        """The files of both subsets."""
        return self.train + self.test

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, sorted, with cat2 before cat10."""
        return tuple(sorted({file.class_name for file in self.files}, key=natural_key))

    @cached_property
    def stats(self) -> dict[str, Stat]:
        """The stat of each file by its path."""
        return {file.path: file.stat for file in self.files}


def list_folder(root: Path) -> SourceListing:
    """Returns all pictures of a folder; refuses a folder whose classes or subsets are unclear."""
    top = look_into(root, "")
    subset_dirs = [name for name in top.folders if name.lower() in SUBSET_DIRS]
    if not subset_dirs:
        listing = SourceListing(root, _files_of(root, top), [])
    else:
        _refuse_unclear_subsets(root, top, subset_dirs)
        files = {name.lower(): _files_of(root, look_into(root, name)) for name in subset_dirs}
        listing = SourceListing(root, files["train"], files.get("test", []))
    _refuse_unusable_classes(listing)
    return listing


def _files_of(root: Path, folder: Folder) -> list[SourceFile]:
    refuse_dead_links(root, folder)
    prefix = f"{folder.path}/" if folder.path else ""
    in_classes = [
        SourceFile(f"{prefix}{name}/{file}", name, stat)
        for name in sorted(folder.folders)
        for file, stat in _files_of_class(root, f"{prefix}{name}").items()
    ]
    flat = [
        SourceFile(f"{prefix}{name}", stated_class(name), stat)
        for name, stat in folder.files.items()
        if is_picture(name)
    ]
    if in_classes and flat:
        raise UserError(
            f"{root / folder.path} holds pictures ({min(flat).path}) as well as folders of them "
            f"({min(in_classes).path}): leave either class folders in it, or pictures named by their class"
        )
    if nameless := [file.path for file in flat if not file.class_name]:
        raise UserError(
            f"{root / min(nameless)}: this name does not begin with a class, as cat.0.jpg does. "
            "Put the pictures into a folder for each class, or begin their names with the class"
        )
    return in_classes or flat


def _files_of_class(root: Path, path: str) -> dict[str, Stat]:
    folder = look_into(root, path)
    if not folder.files and not folder.folders:
        raise SourceGoneError(f"{root / path} is empty: connect its disk, or delete the folder if it is no class")
    for name in sorted(folder.folders):
        if hold_pictures(root / path / name):
            raise UserError(
                f"{root / path / name} holds pictures one folder too deep. "
                f"If {name} is a class, set path to the folder that holds it; else move its pictures up or away"
            )
    return folder.files if any(map(is_picture, folder.files)) else {}


def _refuse_unclear_subsets(root: Path, top: Folder, subset_dirs: list[str]) -> None:
    refuse_dead_links(root, top)
    subsets = [name.lower() for name in subset_dirs]
    if len(set(subsets)) < len(subsets):
        raise UserError(f"{root} holds {' and '.join(sorted(subset_dirs))}: leave one folder for each subset")
    if "train" not in subsets:
        raise UserError(f"{root} holds {subset_dirs[0]}/ but no train/: name the folder of the training pictures train")
    others = [f"{name}/" for name in top.folders if name not in subset_dirs and hold_pictures(root / name)]
    others += filter(is_picture, top.files)
    if others:
        named = ", ".join(sorted(others)[:3]) + (", …" if len(others) > 3 else "")
        raise UserError(
            f"{root} holds pictures that are neither in train/ nor in test/: {named}. Validation pictures are "
            "drawn from train/ (val_fraction). Move these into either or away, or set path to a folder of links to both"
        )


def _refuse_unusable_classes(listing: SourceListing) -> None:
    root, classes = listing.root, listing.classes
    if not classes:
        raise SourceGoneError(
            f"{root} holds no picture: looked for class folders (cat/*.jpg) and for names that begin with their class "
            "(cat.0.jpg), there and in train/ and test/. Correct path"
        )
    if len(classes) < 2:
        raise UserError(
            f"{root} holds pictures of one class alone, {classes[0]!r} (as {min(listing.files).path}), and a data set "
            "needs at least two. Correct path if these are no classes"
        )
    refuse_unusable_names(str(root), classes)
