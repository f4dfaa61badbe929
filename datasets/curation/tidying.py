"""The tidying of folders: each picture goes to the folder of its class, under a name that states no other class.

This changes no picture's class, subset or content, and a second time there is nothing left to do.
"""

from datasets.curation.change_journal import Move
from datasets.curation.changes import LeftAloneError, MovePlan
from datasets.curation.curated_folders import CuratedFolders
from datasets.curation.free_places import FreePlaces, agreeing_name
from datasets.labels import Labelled


def plan_tidy(folders: CuratedFolders) -> MovePlan:
    """Returns the moves of pictures whose name and folder disagree; a name without a label agrees with any folder."""
    free = FreePlaces(folders.home, folders.exported)
    moves, left_alone = [], []
    for picture in folders.labelled():
        try:
            move = tidy_move(folders, picture, free)
        except LeftAloneError as reason:
            left_alone.append(f"{picture.path}: {reason}")
        else:
            moves += [move] if move else []
    return MovePlan(moves, left_alone)


def tidy_move(folders: CuratedFolders, picture: Labelled, free: FreePlaces) -> Move | None:
    """Returns the move that makes one picture's name and folder agree; None where they do."""
    subset, folder, name = picture.path.split("/", 2)
    agreeing = agreeing_name(name, folders.classes.index(picture.class_name), len(folders.classes))
    if (folder, name) == (picture.class_name, agreeing):
        return None
    target = free.near(f"{subset}/{picture.class_name}", agreeing, picture.origin)
    return folders.move(picture.path, target, picture.sha256)
