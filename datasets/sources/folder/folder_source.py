"""A source that is any folder of pictures: class folders or flat names, on their own or under train/ and test/."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from datasets.errors import UserError
from datasets.section_options import option
from datasets.sources.folder.folder_listing import SourceListing, list_folder
from datasets.sources.source import Places

if TYPE_CHECKING:
    from datasets.arrays import Arrays

FITS = ("crop", "pad", "stretch")
MOST_SIDE_PIXELS = 4096


@dataclass(frozen=True)
class FolderSource:
    """A folder of the user's, which is read and never written to."""

    path: str = option("", words="the folder that holds the pictures", is_path=True, is_required=True, is_keyed=False)
    size: int = option(
        0,
        words="the side in pixels that all pictures get, as size = 150",
        low=1,
        high=MOST_SIDE_PIXELS,
        unit="pixels",
        is_required=True,
    )
    fit: str = option("crop", words="how a picture of another size is brought to this one", choices=FITS)

    classes: ClassVar[tuple[str, ...]] = ()  # the folder says which

    @property
    def side(self) -> int:
        """The side that all pictures get."""
        return self.size

    def list(self, places: Places) -> SourceListing:
        """Returns all files of the folder; refuses one that is or holds the workspace."""
        folder = Path(self.path)
        _refuse_workspace(folder, places.workspace)
        return list_folder(folder)

    def load(self, listing: SourceListing, places: Places) -> Arrays:
        """Returns all pictures, each decoded when it is asked for."""
        from datasets.sources.folder.load_folder import load

        return load(listing, self.size, self.fit)


def _refuse_workspace(folder: Path, workspace: Path) -> None:
    source, results = (Path(os.path.realpath(path)) for path in (folder, workspace))  # a loop raises in resolve()
    if source.is_relative_to(results):
        raise UserError(f"path is {folder}, in the workspace {workspace}: pictures there are exported already")
    if results.is_relative_to(source):
        raise UserError(f"path is {folder}, which holds the workspace {workspace}: set [paths] workspace elsewhere")
