"""An exported picture restored as it was exported: moved back, or written again from the source."""

from typing import NamedTuple

from datasets.curation.change_journal import Move
from datasets.curation.changes import kept_folder
from datasets.curation.curated_folders import CuratedFolders
from datasets.errors import UserError
from datasets.files.taken import is_taken
from datasets.folders import IMAGES
from datasets.tables import ExportRow


class Restoration(NamedTuple):
    """The moves that bring a picture back; the file that makes room, and where its content must be written first."""

    moves: list[Move]
    in_its_place: str = ""
    to_write: str = ""


def plan_restore(folders: CuratedFolders, origin: ExportRow) -> Restoration:
    """Returns what brings a picture back; no move where it lies as it was exported."""
    place = IMAGES + origin.path
    current = next((picture for picture, match in folders.matches if match == origin), None)
    if current is not None and current.sha256 == origin.sha256:
        if current.path == origin.path:
            return Restoration([])
        back, to_write = folders.move(current.path, place, origin.sha256), ""
    else:
        to_write = f"{kept_folder(folders.home)}/restored/{origin.path}"
        back = Move(to_write, place, origin.sha256)
    if not is_taken(folders.home / place):
        return Restoration([back], to_write=to_write)
    return Restoration([_move_out_of_the_way(folders, origin), back], place, to_write)


def _move_out_of_the_way(folders: CuratedFolders, origin: ExportRow) -> Move:
    """Returns the move that keeps the file in a picture's place."""
    sha256 = next((picture.sha256 for picture in folders.pictures if picture.path == origin.path), "")
    if not sha256:
        raise UserError(f"{folders.home / IMAGES / origin.path}: what lies there cannot be read; move it away first")
    return folders.move(origin.path, f"{kept_folder(folders.home)}/removed/{origin.path}", sha256)
