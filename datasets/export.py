"""The export: pictures written as PNG files into class folders, once; from then on the folders belong to the user.

Writes `images/<train|test>/<class>/<label>_<number>.png`, and in the result's folder `export.csv`, `rejected.csv`
(files of the source that are no pictures), `files.csv` (for a source that has a file for each picture: every number
that was ever given to one) and `source.json` (what else later stages must know).
"""

import errno
import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from datasets.export_journal import ExportJournal, Unexported
from datasets.files.sync import sync_disks
from datasets.files.taken import is_taken
from datasets.files.whole_file import write_whole
from datasets.folders import IMAGES, SUBSET_DIRS, hold_files
from datasets.pictures import UnreadablePictureError
from datasets.png import encode_png
from datasets.prefetch import prefetch
from datasets.progress import progress
from datasets.reexport.edits import AS_EXPORTED, Identities, RememberedEdit, target_path
from datasets.reexport.remembered_edits import read_remembered
from datasets.selection import ExportPlace, Selection
from datasets.tables import EXPORT_HEADER, FILES_HEADER, REJECTED_HEADER, ExportRow, FileRow, RejectedRow, write_rows

WRITTEN_AT_ONCE = 2_000
_FIRST_LOOK = 10  # pictures of another size all differ

Encoded = tuple[ExportRow, bytes] | Unexported


class ExportOutcome(NamedTuple):
    """The pictures that were exported, and the files of the source that could not be."""

    rows: list[ExportRow]
    unexported: list[Unexported]


def write_pictures(selection: Selection, source: str, key: str, home: Path, journal: ExportJournal) -> ExportOutcome:
    """Writes the pictures that the journal of this export does not have yet, each to its place."""
    begun = journal.rows() if hold_files(home / IMAGES) else []
    folders = [home, *(home / IMAGES / subset / name for subset in SUBSET_DIRS for name in selection.classes)]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    numbering = selection.numbering
    identities, remembered = Identities(source, numbering.files), read_remembered(home)
    _write_from_other_classes(selection, identities, remembered, home)
    places = _Places(home, {known.identity: known for known in remembered}, identities, selection.classes)
    outcome = ExportOutcome(begun[: _count_written(begun, journal, places)], [])
    journal.begin(key, selection.classes, source, numbering.given, outcome.rows)
    with progress("exporting", len(selection)) as advance:
        advance(len(outcome.rows))
        pictures = encode_pictures(selection, _others(selection, outcome.rows))
        while lot := list(islice(pictures, WRITTEN_AT_ONCE)):
            encoded = [picture for picture in lot if not isinstance(picture, Unexported)]
            sync_disks(folders)  # once the next lot is journaled, all before it pass for written
            journal.add([row for row, _ in encoded])
            for row, content in encoded:
                if (path := places.of(row)) is not None:
                    _write_picture(path, content)
            outcome.rows.extend(row for row, _ in encoded)
            outcome.unexported.extend(picture for picture in lot if isinstance(picture, Unexported))
            advance(len(lot))
    sync_disks(folders)
    outcome.rows.sort(key=lambda row: row.number)
    return outcome


def list_pictures(selection: Selection) -> ExportOutcome:
    """Returns what this export would write."""
    outcome = ExportOutcome([], [])
    with progress("listing what was exported", len(selection)) as advance:
        for picture in encode_pictures(selection, selection.places):
            if isinstance(picture, Unexported):
                outcome.unexported.append(picture)
            else:
                outcome.rows.append(picture[0])
            advance(1)
    return outcome


def list_if_some_alike(selection: Selection, rows: Sequence[ExportRow]) -> ExportOutcome | None:
    """Returns what this export would write; None where a first look finds that none of it is among these rows."""
    known = {row.path: row for row in rows}
    to_look_at = list(islice((place for place in selection.places if place.path in known), _FIRST_LOOK))
    looked_at = (picture for picture in encode_pictures(selection, to_look_at) if not isinstance(picture, Unexported))
    return list_pictures(selection) if any(row == known[row.path] for row, _ in looked_at) else None


def encode_pictures(selection: Selection, places: Collection[ExportPlace]) -> Iterator[Encoded]:
    """Yields the pictures of these places, each as a row of export.csv and the content of its file."""
    numbering = selection.numbering
    decoders = prefetch(selection.arrays.pixels, (numbering.positions[place.number] for place in places))
    for place, decode in zip(places, decoders, strict=True):
        try:
            content = encode_png(decode())
        except UnreadablePictureError as error:
            yield Unexported(place.number, numbering.files[place.number], str(error))
        else:
            yield ExportRow(*place, hashlib.sha256(content).hexdigest()), content


def encode_one(selection: Selection, number: int) -> bytes:
    """Returns the file of one picture of a source, of any class; nothing where the source has none of that number."""
    position = selection.numbering.positions.get(number)
    if position is None:
        return b""
    try:
        return encode_png(selection.arrays.pixels[position])
    except UnreadablePictureError:
        return b""


def describe_export(outcome: ExportOutcome, selection: Selection, source: str, folder: Path) -> None:
    """Writes the tables of an export, and source.json."""
    arrays = selection.arrays
    write_rows(folder / "export.csv", EXPORT_HEADER, outcome.rows)
    rejected = [RejectedRow(bad.file, bad.reason, "source") for bad in outcome.unexported]
    write_rows(folder / "rejected.csv", REJECTED_HEADER, rejected)
    if arrays.files:
        write_rows(folder / "files.csv", FILES_HEADER, [FileRow(*given) for given in selection.numbering.given.items()])
    _, height, width, _ = arrays.pixels.shape
    facts = {"source": source, "classes": selection.classes, "height": height, "width": width, "fit": arrays.fit}
    (folder / "source.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


class _Places(NamedTuple):
    """The places of pictures: each goes to its own folder, unless an edit of it is remembered."""

    home: Path
    remembered: Mapping[str, RememberedEdit]
    identities: Identities
    classes: Sequence[str]

    def of(self, row: ExportRow) -> str | None:
        """Returns the path a picture is written to; None where it is not to be written."""
        known = self.remembered.get(self.identities.of(row.number)) if self.remembered else None
        if known is None or (not known.path and known.sha256 not in ("", row.sha256)):
            return f"{self.home}/{IMAGES}{row.path}"
        if known.path:
            return None  # a file of the user's stands for it
        path = target_path(known.edit, row.path, self.classes)
        return None if path is None else f"{self.home}/{IMAGES}{path}"


def _write_from_other_classes(
    selection: Selection, identities: Identities, remembered: Sequence[RememberedEdit], home: Path
) -> None:
    """Writes pictures whose own class is not exported, while the one that the user moved them to is."""
    for identity, edit, path, _ in remembered:
        number = identities.number(identity)
        if path.startswith(IMAGES) and edit != AS_EXPORTED and number is not None:
            _write_picture(f"{home}/{path}", encode_one(selection, number))


def _others(selection: Selection, rows: Sequence[ExportRow]) -> list[ExportPlace]:
    """Returns the places of all pictures but these."""
    numbers = {row.number for row in rows}
    return [place for place in selection.places if place.number not in numbers]


def _count_written(begun: Sequence[ExportRow], journal: ExportJournal, places: _Places) -> int:
    """Returns how many pictures were in place or were surely written whole by a killed export.

    Lots are journaled before they are written, and pictures written in their order: so all before the last one that is
    there were written, and those of them that are missing were deleted by the user.
    """
    surely = count_surely_written(begun, journal)
    if not journal.is_of_this_machine_start:
        return surely  # the power may have been cut, and any picture of the last lot lost
    for position in range(len(begun) - 1, surely - 1, -1):
        path = places.of(begun[position])
        if path is not None and is_taken(path):
            return position
    return surely


def count_surely_written(begun: Sequence[ExportRow], journal: ExportJournal) -> int:
    """Returns how many of the pictures in a journal were in place or are of lots before the last."""
    return max(min(journal.in_place_count, len(begun)), len(begun) - WRITTEN_AT_ONCE)


def _write_picture(path: str, content: bytes) -> None:
    """Writes a file where there is none; completes one that a kill left torn, and leaves any other as it is."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        existing = Path(path)
        if existing.is_file() and not existing.is_symlink():
            found = existing.read_bytes()
            is_torn = content.startswith(found) or not found.strip(b"\0")  # by a kill, or by a power cut
            if found != content and is_torn:  # anything else there is the user's
                write_whole(existing, content)
        return
    try:
        if os.write(file, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
    finally:
        os.close(file)
