"""An export into the folders of a data set, whatever they hold: nothing, the same pictures, others, edited ones.

Every edit that a person made is kept: see plan.py for what becomes of each.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from datasets.carrying.edits import AS_EXPORTED, Identities
from datasets.carrying.making_room import Moves
from datasets.carrying.memory import read_memory
from datasets.carrying.plan import NewExport, Plan, plan_export
from datasets.carrying.standing import PastExport, Standing, read_standing
from datasets.contents import Picture
from datasets.export import Outcome, count_surely_written, encode_one, list_if_alike, write_pictures
from datasets.folders import ASIDE, IMAGES, hold_files
from datasets.journal import Journal
from datasets.refusals import refuse_closed_folders, refuse_undeclared_folders
from datasets.scan import list_images
from datasets.selection import Selection

NOTHING = PastExport((), (), Identities("", ()))

Read = Callable[[], Sequence[Picture]]


def export_over(
    selection: Selection, source: str, key: str, home: Path, past: PastExport, lying: Read, lost: Read
) -> Outcome:
    """Write the pictures, or only list them where they are written already.

    `past` is the last export to end; `lying` reads what the folders hold, and `lost` says what they held when they were
    last read, for folders that are gone. The journal is the caller's to end, once the outcome is kept.
    """
    journal, is_there = Journal(home / "export" / "journal"), hold_files(home / IMAGES)
    if journal.exists():
        Moves(home).make()
        past = _stopped_export(journal) if is_there else NOTHING
    elif is_there and (listed := _list_if_alike(selection, past)) is not None:
        return listed
    if not journal.names(key):
        standing = _read_folders(lying(), home, past, selection) if is_there else _recall(lost(), home, past, selection)
        new = NewExport(selection, Identities(source, selection.arrays.files), partial(encode_one, selection.arrays))
        plan = plan_export(standing, new)
        _tell(plan, home)
        Moves(home).note(plan)
        journal.make_room()
        Moves(home).make()
        journal.begin(key, selection.classes, source, selection.arrays.files)
    return write_pictures(selection, source, key, home, journal)


def _list_if_alike(selection: Selection, past: PastExport) -> Outcome | None:
    classes_differ = past is not NOTHING and list(past.classes) != list(selection.classes)
    return None if classes_differ else list_if_alike(selection, past.rows)


def _stopped_export(journal: Journal) -> PastExport:
    rows = journal.rows()
    unsure = frozenset(row.number for row in rows[count_surely_written(rows) :])
    return PastExport(rows, journal.classes, Identities(*journal.source), is_whole=False, unsure=unsure)


def _read_folders(pictures: Sequence[Picture], home: Path, past: PastExport, selection: Selection) -> Standing:
    classes = list(dict.fromkeys([*past.classes, *selection.classes]))
    refuse_closed_folders({picture.path: picture.rejected for picture in pictures if picture.rejected}, classes)
    refuse_undeclared_folders({picture.path: picture.sha256 for picture in pictures}, past.rows, classes)
    return read_standing(pictures, _list_aside(home), past, read_memory(home))


def _recall(pictures: Sequence[Picture], home: Path, past: PastExport, selection: Selection) -> Standing:
    """What the folders held, of which only the decisions are left.

    Where the same is exported again, a decision holds for the content it was made about and no other.
    """
    standing = read_standing(pictures, _list_aside(home), past if pictures else NOTHING, read_memory(home))
    standing.own = [own for own in standing.own if own.path.startswith(ASIDE)]
    standing.ours = []
    if [row[:4] for row in past.rows] == selection.places:
        standing.hashes = {past.identities.of(row.number): row.sha256 for row in past.rows}
    return standing


def _list_aside(home: Path) -> list[str]:
    listing = list_images(home / ASIDE)
    return [path for path in (*listing.stats, *listing.unreadable) if path.count("/") > 1]


def _tell(plan: Plan, home: Path) -> None:
    decided = [known for known in plan.memory if known.edit != AS_EXPORTED]
    if decided:
        print(f"carrying {len(decided)} edits over to the new export", file=sys.stderr)
    for (before, after), what in (
        ((IMAGES, ASIDE), "are set aside until their class is one of the data set's again"),
        ((ASIDE, IMAGES), "come back, for their class is one of the data set's again"),
    ):
        count = sum(path.startswith(before) and target.startswith(after) for path, target in plan.moves)
        if count:
            print(f"{count} files of yours {what}: {home / ASIDE}", file=sys.stderr)
