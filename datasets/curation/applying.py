"""The decisions from a table applied to the pictures here, which are found by their content."""

from collections import defaultdict
from collections.abc import Iterable

from datasets.curation.change_journal import Move
from datasets.curation.changes import LeftAloneError, MovePlan, kept_folder
from datasets.curation.curated_folders import CuratedFolders
from datasets.curation.edit_table import WantedEdit
from datasets.curation.free_places import FreePlaces, agreeing_name
from datasets.curation.tidying import tidy_move
from datasets.folders import IMAGES
from datasets.labels import Labelled


def plan_apply(folders: CuratedFolders, wanted: Iterable[WantedEdit]) -> MovePlan:
    """Returns the moves that the rows ask for; those that cannot be applied are left alone, each with the reason."""
    applying = _Applying(folders)
    moves, left_alone, already = [], [], 0
    for want in wanted:
        try:
            move = applying.move(want)
        except LeftAloneError as reason:
            left_alone.append(f"{want.path}: {reason}")
        else:
            already += move is None
            moves += [move] if move else []
    return MovePlan(moves + applying.tidy_copies(moves), left_alone, already)


class _Applying:
    """The rows of a table, applied one after the other, each picture at most once."""

    def __init__(self, folders: CuratedFolders) -> None:
        self._folders = folders
        self._free = FreePlaces(folders.home, folders.exported)
        self._kept = kept_folder(folders.home)
        self._exported: dict[str, set[str]] = defaultdict(set)  # paths by content
        for origin in folders.exported:
            self._exported[origin.sha256].add(origin.path)
        self._by_content: dict[str, list[Labelled]] = defaultdict(list)
        for picture in (pictures := folders.labelled()):
            self._by_content[picture.sha256].append(picture)
        self._present = {picture.origin.path for picture in pictures if picture.origin}
        self._done: set[str] = set()

    def move(self, want: WantedEdit) -> Move | None:
        """Returns the move that a row asks for; None where nothing is to be done."""
        if want.refused:
            raise LeftAloneError(want.refused)
        picture = self._find(want)
        if picture is None:
            return None
        if picture.path in self._done:
            raise LeftAloneError("an earlier row decides about that picture")
        self._done.add(picture.path)
        return self._to_kept(picture) if want.is_deleted else self._to_class(picture, want)

    def tidy_copies(self, moves: Iterable[Move]) -> list[Move]:
        """Returns the moves by which copies of the moved pictures keep their classes.

        Once a picture was moved or deleted, its copy may pass for it; a copy whose name disagrees with its folder would
        then get another class.
        """
        moved = {move.source: move.sha256 for move in moves}
        copies = [picture for sha256 in sorted(set(moved.values())) for picture in self._by_content[sha256]]
        tidied = [tidy_move(self._folders, copy, self._free) for copy in copies if IMAGES + copy.path not in moved]
        return [move for move in tidied if move]

    def _find(self, want: WantedEdit) -> Labelled | None:
        """Returns the picture a row is about; None where it should be gone and is."""
        found, origins = self._by_content[want.sha256], self._exported[want.sha256]
        if want.path in origins:  # the same export: of pictures alike, it is that one
            found = [picture for picture in found if picture.origin and picture.origin.path == want.path]
            origins = {want.path}
        elif len(found) > 1:
            found = self._of_pictures_alike(found, want)
        if len(found) > 1:
            raise LeftAloneError(f"{len(found)} pictures here have its content, and none of them is or was at its path")
        if found:
            return found[0]
        if origins & self._present:
            raise LeftAloneError("it was repainted here")
        if want.is_deleted and origins:
            return None
        raise LeftAloneError("no picture here has its content")

    def _of_pictures_alike(self, alike: list[Labelled], want: WantedEdit) -> list[Labelled]:
        """Returns the copy that is meant: the one in its place, or else one in the suggested class already."""
        if want.subset or want.is_deleted:
            return alike
        there = [picture for picture in alike if picture.path == want.path]
        so = [picture for picture in alike if picture.class_name == want.class_name and picture.path not in self._done]
        return there or so[:1] or alike

    def _to_kept(self, picture: Labelled) -> Move:
        return self._folders.move(picture.path, f"{self._kept}/removed/{picture.path}", picture.sha256)

    def _to_class(self, picture: Labelled, want: WantedEdit) -> Move | None:
        classes = self._folders.classes
        if want.class_name not in classes:
            raise LeftAloneError(f"there is no class {want.class_name!r} here")
        subset, _, name = picture.path.split("/", 2)
        subset_wanted = want.subset or subset
        if (picture.class_name, subset) == (want.class_name, subset_wanted):
            return None
        agreeing = agreeing_name(name, classes.index(want.class_name), len(classes))
        target = self._free.near(f"{subset_wanted}/{want.class_name}", agreeing, picture.origin)
        return self._folders.move(picture.path, target, picture.sha256)
