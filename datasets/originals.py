"""The files of the source, the user's originals: nothing is ever moved, replaced or deleted there, nor added.

A class folder of the exported pictures may be a link, and so lead into the source. It may be read, but not changed.
"""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from datasets.errors import UserError
from datasets.files.real_path import real_path
from datasets.folders import ASIDE, IMAGES, SUBSET_DIRS


def refuse_originals(folders: Iterable[Path], originals: Sequence[Path]) -> None:
    """Refuses to change these folders where one of them really lies in a folder of originals."""
    trees = {tree for folder in originals for tree in _real_trees(folder)}
    for folder in sorted(set(folders)):
        real = real_path(folder)
        if any(real.is_relative_to(tree) for tree in trees):
            link = next((place for place in (folder, *folder.parents) if place.is_symlink()), folder)
            raise UserError(
                f"{folder} leads to {real}, where the source's own files are, and nothing of the source is ever "
                f"changed. The link is {link}: delete the link alone (rm {shlex.quote(str(link))}), never what it "
                "leads to, and copy the pictures you want there into a folder of the same name. Nothing was changed"
            )


def folders_of_pictures(home: Path, classes: Iterable[str]) -> Iterator[Path]:
    """Yields the folders that an export of these classes may change, whether they are there or not."""
    for root in (home / IMAGES, home / ASIDE):
        yield from root.glob("*/*")
        yield from (root / subset / name for subset in SUBSET_DIRS for name in classes)


def _real_trees(source: Path) -> Iterator[Path]:
    """Yields where the files of a source folder really are: there, and where its subsets and classes may lead to."""
    yield real_path(source)
    yield from (real_path(path) for depth in ("*", "*/*") for path in source.glob(depth) if path.is_symlink())
