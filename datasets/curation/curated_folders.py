"""The folders as a curation finds them: what lies in them, what was exported, and the class of every picture."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from datasets.contents import PictureFile
from datasets.curation.change_journal import Move
from datasets.folders import IMAGES
from datasets.labels import Labelled, label_pictures
from datasets.matching import Match, match_pictures
from datasets.tables import ExportRow


class CuratedFolders:
    """A data set's folder, every file in its `images/`, and what was exported there under which classes."""

    def __init__(
        self,
        home: Path,
        pictures: Sequence[PictureFile],
        exported: Sequence[ExportRow],
        classes: Sequence[str],
        export_digest: str,
    ) -> None:
        self.home, self.pictures, self.exported, self.classes = home, pictures, exported, classes
        self.export_digest = export_digest

    @cached_property
    def matches(self) -> list[Match]:
        """Each usable picture with what it was exported as."""
        usable = [picture for picture in self.pictures if not picture.rejected]
        rejected = {picture.path for picture in self.pictures if picture.rejected}
        return match_pictures(usable, self.exported, rejected)[0]

    def labelled(self) -> list[Labelled]:
        """Returns each usable picture with its class; refuses all that the index would refuse."""
        return label_pictures(self.pictures, self.exported, self.classes).pictures

    def move(self, path: str, target: str, sha256: str) -> Move:
        """Returns the move of a picture in `images/` to a place in the data set's folder."""
        return Move(IMAGES + path, target, sha256, self._copies_by_content.get(sha256, ()))

    @cached_property
    def _copies_by_content(self) -> dict[str, frozenset[str]]:
        """The places of each content that lies at several: one set for all of them, however many are moved."""
        paths: dict[str, list[str]] = defaultdict(list)
        for picture in self.pictures:
            paths[picture.sha256].append(IMAGES + picture.path)
        return {sha256: frozenset(places) for sha256, places in paths.items() if len(places) > 1}
