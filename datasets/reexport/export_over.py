"""An export into the folders of a data set, whatever they hold: nothing, the same pictures, others, edited ones.

Every edit that a person made is kept; plan.py says what becomes of each.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from datasets.contents import PictureFile
from datasets.errors import UserError
from datasets.export import (
    ExportOutcome,
    count_surely_written,
    encode_one,
    list_if_some_alike,
    list_pictures,
    write_pictures,
)
from datasets.export_journal import ExportJournal
from datasets.folders import ASIDE, IMAGES, hold_files, list_images
from datasets.naming import number_width
from datasets.numbering import GivenNumbers
from datasets.originals import folders_of_pictures, refuse_originals
from datasets.reexport.edits import AS_EXPORTED, Identities
from datasets.reexport.folder_state import FolderState, PastExport, read_folder_state
from datasets.reexport.move_journal import MoveJournal
from datasets.reexport.plan import NewExport, ReexportPlan, plan_export
from datasets.reexport.remembered_edits import read_remembered
from datasets.refusals import refuse_undeclared_folders, refuse_unreadable
from datasets.selection import Selection

NOTHING = PastExport((), (), Identities("", {}), is_whole=False)

_NAMED_AT_MOST = 5

ReadFiles = Callable[[], Sequence[PictureFile]]


def export_over(
    selection: Selection,
    source: str,
    key: str,
    home: Path,
    past: PastExport,
    current: ReadFiles,
    lost: ReadFiles,
    originals: Sequence[Path] = (),
) -> ExportOutcome:
    """Writes the pictures, or only lists them where they are written already; returns which they are.

    `past` is the last export that ended. `current` reads what the folders hold; where they are gone, `lost` says what
    they held when they were last read. In the folders of `originals` nothing is changed. The caller ends the journal,
    once the outcome is kept.
    """
    journal, is_there = ExportJournal(home), hold_files(home / IMAGES)
    classes = list(dict.fromkeys([*past.classes, *selection.classes]))
    if journal.exists():
        refuse_originals(folders_of_pictures(home, [*journal.classes, *classes]), originals)
        if journal.is_moving_old_files:
            MoveJournal(home).carry_out()
        past = _stopped_export(journal) if is_there else NOTHING
    elif is_there and past is NOTHING:
        return _adopt(selection, home, current())
    if not (journal.names(key) and is_there):
        listed = list_if_some_alike(selection, past.rows) if is_there else None
        if listed and past.is_whole and (list(past.classes), past.rows) == (list(selection.classes), listed.rows):
            return listed
        refuse_originals(folders_of_pictures(home, classes), originals)
        files = selection.numbering.given
        state = _read_folders(current(), home, past, selection) if is_there else _recall(lost(), home, past, selection)
        identities = Identities(source, selection.numbering.files)
        new = NewExport(selection, identities, partial(encode_one, selection), listed.rows if listed else ())
        plan = plan_export(state, new)
        _tell(plan, home)
        MoveJournal(home).begin(plan)
        both = list(dict.fromkeys([*past.classes, *selection.classes]))
        journal.begin_moving_old_files(both, source, files, plan.in_place)
        MoveJournal(home).carry_out()
        journal.begin(key, selection.classes, source, files, plan.in_place)
    outcome = write_pictures(selection, source, key, home, journal)
    if not outcome.rows:
        reasons = "\n".join(f"  {bad.file}: {bad.reason}" for bad in outcome.unexported[:_NAMED_AT_MOST])
        raise UserError(f"none of the {len(selection)} files of the source can be used as a picture:\n{reasons}")
    return outcome


def given_numbers(home: Path, past: PastExport, source: str) -> GivenNumbers:
    """Returns the numbers of a source's files by the last export that ended, and by one that was stopped."""
    journal = ExportJournal(home)
    exports = [past, *([_stopped_export(journal)] if journal.exists() else [])]
    of_source = [export for export in exports if export.identities.source == source]
    files = {number: file for export in of_source for number, file in export.identities.files.items()}
    widths = [number_width(PurePosixPath(row.path).name) for export in of_source for row in export.rows]
    return GivenNumbers(files, min(widths, default=0))


def _adopt(selection: Selection, home: Path, pictures: Sequence[PictureFile]) -> ExportOutcome:
    """Returns what this export would write, if most of the pictures are just that.

    Nothing says any more what was exported into these folders.
    """
    listed = list_pictures(selection)
    hashes = {picture.path: picture.sha256 for picture in pictures}
    as_exported = sum(hashes.get(row.path) == row.sha256 for row in listed.rows)
    if as_exported <= len(hashes) / 2:
        raise UserError(
            f"{home / IMAGES} holds {len(hashes)} files, and it is no longer known what was exported there: today's "
            f"settings would export {as_exported} of them. Put the settings back to what they were, or move the folder "
            "away to start over. Nothing was changed"
        )
    return listed


def _stopped_export(journal: ExportJournal) -> PastExport:
    rows = journal.rows()
    unsure = frozenset(row.number for row in rows[count_surely_written(rows, journal) :])
    return PastExport(rows, journal.classes, Identities(*journal.source), is_whole=False, unsure=unsure)


def _read_folders(pictures: Sequence[PictureFile], home: Path, past: PastExport, selection: Selection) -> FolderState:
    classes = list(dict.fromkeys([*past.classes, *selection.classes]))
    refuse_unreadable(pictures, classes)
    refuse_undeclared_folders(pictures, past.rows, classes)
    return read_folder_state(pictures, _files_aside(home), past, read_remembered(home))


def _recall(pictures: Sequence[PictureFile], home: Path, past: PastExport, selection: Selection) -> FolderState:
    """Returns the state of folders that are gone: only the decisions are left of it.

    Where the same is exported again, a decision holds for the content it was made about and no other.
    """
    known = past if pictures else NOTHING
    state = read_folder_state(pictures, _files_aside(home), known, read_remembered(home))
    state.own = [own for own in state.own if own.path.startswith(ASIDE)]
    state.ours = [ours for ours in state.ours if ours.path.startswith(ASIDE)]
    if [row[:4] for row in past.rows] == selection.places:
        state.hashes = {past.identities.of(row.number): row.sha256 for row in past.rows}
    return state


def _files_aside(home: Path) -> list[str]:
    listing = list_images(home / ASIDE)
    return [path for path in (*listing.stats, *listing.unreadable) if path.count("/") > 1]


def _tell(plan: ReexportPlan, home: Path) -> None:
    decided = [known for known in plan.remembered if known.edit != AS_EXPORTED]
    if decided:
        print(f"carried over to the new export: {len(decided)} edits", file=sys.stderr)
    for (before, after), what in (
        ((IMAGES, ASIDE), "set aside until their class is one of the data set's again"),
        ((ASIDE, IMAGES), "brought back, for their class is one of the data set's again"),
    ):
        count = sum(path.startswith(before) and target.startswith(after) for path, target in plan.moves)
        if count:
            print(f"{what}: {count} files of yours ({home / ASIDE})", file=sys.stderr)
