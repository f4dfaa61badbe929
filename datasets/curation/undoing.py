"""An action taken back, whatever became of the folders since: each picture is found by its content."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from datasets.contents import PictureFile
from datasets.curation.change_journal import Action, Move
from datasets.curation.changes import CHANGES, MovePlan, digest
from datasets.curation.curated_folders import CuratedFolders
from datasets.errors import UserError
from datasets.files.taken import is_taken
from datasets.folders import IMAGES
from datasets.refusals import refuse_unreadable


def plan_undo(folders: CuratedFolders, action: Action) -> MovePlan:
    """Returns the moves of every picture back to where it came from, in the opposite order.

    What cannot go there is left alone. A folder or a file that cannot be read is refused: its picture is not gone.
    """
    _refuse_other_export(folders, action)
    refuse_unreadable(folders.pictures, folders.classes)
    files = _PlannedFiles(folders.home, action, folders.pictures)
    moves, left_alone, already, blocked = [], [], 0, 0
    for move in reversed(action.moves):
        if files.holds(move.source, move.sha256):
            already += 1
        elif (place := files.place_of(move)) is None:
            why = "it was repainted, or is gone" if files.is_taken(move.target) else "it is gone"
            left_alone.append(f"{move.target.removeprefix(IMAGES)}: {why}")
        elif files.is_taken(move.source):
            shown = place.removeprefix(IMAGES) if place.startswith(IMAGES) else f"{folders.home / place} keeps it"
            blocked += 1
            left_alone.append(f"{shown}: something else is now at its old place {move.source.removeprefix(IMAGES)}")
        else:
            files.move(place, move.source)
            moves.append(Move(place, move.source, move.sha256))
    return MovePlan(moves, left_alone, already, blocked)


def _refuse_other_export(folders: CuratedFolders, action: Action) -> None:
    """Refuses an action on another export, whose pictures had other names and contents."""
    is_same_export = action.export_digest in ("", folders.export_digest)
    if not is_same_export or list(folders.classes[: len(action.classes)]) != action.classes:
        raise UserError(
            f"{action.verb} of {action.began} was made on another export than today's: to undo it, put settings and "
            f"source back as they were then (classes {', '.join(action.classes)}) and export; `restore PATH` "
            "brings single pictures back, and what it took out is kept in "
            f"{folders.home / CHANGES / 'kept' / str(action.number)}"
        )


class _PlannedFiles:
    """The files and their places, as they will be once the moves planned so far are made."""

    def __init__(self, home: Path, action: Action, pictures: Sequence[PictureFile]) -> None:
        self._home, self._vacated = home, set[str]()
        self._hashes = {IMAGES + picture.path: picture.sha256 for picture in pictures if picture.sha256}
        kept = [place for move in action.moves for place in (move.source, move.target) if place.startswith(CHANGES)]
        self._hashes |= {place: sha256 for place in kept if (sha256 := digest(home / place))}
        self._paths: dict[str, list[str]] = defaultdict(list)
        for path, sha256 in self._hashes.items():
            self._paths[sha256].append(path)
        self._spoken_for = {move.target for move in action.moves if self.holds(move.target, move.sha256)}

    def holds(self, place: str, sha256: str) -> bool:
        """Returns whether this content lies at a place."""
        return self._hashes.get(place) == sha256

    def is_taken(self, place: str) -> bool:
        """Returns whether anything lies at a place."""
        return place in self._hashes or (place not in self._vacated and is_taken(self._home / place))

    def place_of(self, move: Move) -> str | None:
        """Returns where a moved file lies now, wherever it went since; None where it is gone.

        Of several files of its content, one of its name comes first; one at the place of an earlier copy never counts.
        """
        if self.holds(move.target, move.sha256):
            return move.target
        name = move.target.rpartition("/")[2]
        alike = [path for path in self._paths[move.sha256] if self.holds(path, move.sha256)]
        found = [path for path in alike if path not in self._spoken_for and path not in move.copies]
        return min(found, key=lambda path: (path.rpartition("/")[2] != name, path), default=None)

    def move(self, place: str, target: str) -> None:
        """Notes that a file will be moved."""
        self._hashes[target] = self._hashes.pop(place)
        self._vacated.add(place)
