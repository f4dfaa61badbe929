"""The export: pictures written as PNG files into class folders, once; from then on the folders belong to the user.

Writes `images/<train|test>/<class>/<label>_<number>.png`, and in the result's folder `export.csv`, `rejected.csv`
(files of the source that are no pictures), `files.csv` (for a source that has a file for each picture) and
`source.json` (what else later stages must know).
"""

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from datasets.arrays import Arrays
from datasets.export_journal import ExportJournal, Unexported
from datasets.folders import IMAGES, SUBSET_DIRS, hold_files
from datasets.pictures import UnreadablePictureError
from datasets.png import encode_png
from datasets.prefetch import prefetch
from datasets.progress import progress
from datasets.reexport.edits import AS_EXPORTED, Identities, RememberedEdit, target_path
from datasets.reexport.remembered_edits import read_remembered
from datasets.selection import Selection
from datasets.tables import EXPORT_HEADER, FILES_HEADER, REJECTED_HEADER, ExportRow, FileRow, RejectedRow, write_rows

WRITTEN_AT_ONCE = 2_000
_FIRST_LOOK = 10  # pictures of another size, or under other names, differ from the first on

Encoded = tuple[ExportRow, bytes] | Unexported


class ExportOutcome(NamedTuple):
    """The pictures that were exported, and the files of the source that could not be."""

    rows: list[ExportRow]
    unexported: list[Unexported]


def write_pictures(selection: Selection, source: str, key: str, home: Path, journal: ExportJournal) -> ExportOutcome:
    """Writes the pictures that the journal of this export does not have yet, each to its place."""
    begun, unexported = (journal.rows(), journal.unexported()) if hold_files(home / IMAGES) else ([], [])
    for subset in SUBSET_DIRS:
        for class_name in selection.classes:
            (home / IMAGES / subset / class_name).mkdir(parents=True, exist_ok=True)
    identities, remembered = Identities(source, selection.arrays.files), read_remembered(home)
    _write_from_other_classes(selection, identities, remembered, home)
    places = _Places(home, {known.identity: known for known in remembered}, identities, selection.classes)
    written = _count_written(begun, places)
    last = begun[written - 1].number if written else -1
    outcome = ExportOutcome(begun[:written], [bad for bad in unexported if bad.number < last])
    journal.begin(key, selection.classes, source, selection.arrays.files, *outcome)
    with progress("exporting", len(selection)) as advance:
        advance(len(outcome.rows) + len(outcome.unexported))
        pictures = encode_pictures(selection, last)
        while lot := list(islice(pictures, WRITTEN_AT_ONCE)):
            encoded = [picture for picture in lot if not isinstance(picture, Unexported)]
            bad = [picture for picture in lot if isinstance(picture, Unexported)]
            journal.add([row for row, _ in encoded], bad)
            for row, content in encoded:
                if (path := places.of(row)) is not None:
                    _write_picture(path, content)
            outcome.rows.extend(row for row, _ in encoded)
            outcome.unexported.extend(bad)
            advance(len(lot))
    return outcome


def list_pictures(selection: Selection) -> ExportOutcome:
    """Returns what this export would write."""
    outcome = ExportOutcome([], [])
    with progress("listing what was exported", len(selection)) as advance:
        for picture in encode_pictures(selection):
            if isinstance(picture, Unexported):
                outcome.unexported.append(picture)
            else:
                outcome.rows.append(picture[0])
            advance(1)
    return outcome


def list_if_alike(selection: Selection, rows: Sequence[ExportRow]) -> ExportOutcome | None:
    """Returns what this export would write, if these rows list exactly that; None as soon as they differ."""
    expected = iter(rows)
    for picture in islice(encode_pictures(selection), _FIRST_LOOK):
        if not isinstance(picture, Unexported) and picture[0] != next(expected, None):
            return None
    listed = list_pictures(selection)
    return listed if listed.rows == list(rows) else None


def encode_pictures(selection: Selection, after: int = -1) -> Iterator[Encoded]:
    """Yields every picture whose number is above this one, as a row of export.csv and the content of its file."""
    places = [place for place in selection.places if place.number > after]
    decoders = prefetch(selection.arrays.pixels, (place.number for place in places))
    for place, decode in zip(places, decoders, strict=True):
        try:
            content = encode_png(decode())
        except UnreadablePictureError as error:
            yield Unexported(place.number, selection.arrays.files[place.number], str(error))
        else:
            yield ExportRow(*place, hashlib.sha256(content).hexdigest()), content


def encode_one(arrays: Arrays, number: int) -> bytes:
    """Returns the file of one picture of a source; nothing where the source has none of that number."""
    if number >= len(arrays.labels):
        return b""
    try:
        return encode_png(arrays.pixels[number])
    except UnreadablePictureError:
        return b""


def describe_export(outcome: ExportOutcome, selection: Selection, source: str, folder: Path) -> None:
    """Writes the tables of an export, and source.json."""
    arrays = selection.arrays
    write_rows(folder / "export.csv", EXPORT_HEADER, outcome.rows)
    rejected = [RejectedRow(bad.file, bad.reason, "source") for bad in outcome.unexported]
    write_rows(folder / "rejected.csv", REJECTED_HEADER, rejected)
    if arrays.files:
        files = [FileRow(row.number, arrays.files[row.number]) for row in outcome.rows]
        write_rows(folder / "files.csv", FILES_HEADER, files)
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
            _write_picture(f"{home}/{path}", encode_one(selection.arrays, number))


def _count_written(begun: Sequence[ExportRow], places: _Places) -> int:
    """Returns how many pictures a killed export surely wrote whole.

    Lots are journaled before they are written, and pictures written in their order: so all before the last one that is
    there were written, and those of them that are missing were deleted by the user.
    """
    surely = count_surely_written(begun)
    for position in range(len(begun) - 1, surely - 1, -1):
        path = places.of(begun[position])
        if path is not None and os.path.lexists(path):
            return position
    return surely


def count_surely_written(begun: Sequence[ExportRow]) -> int:
    """Returns how many of the pictures in a journal are of lots before the last."""
    return max(0, len(begun) - WRITTEN_AT_ONCE)


def _write_picture(path: str, content: bytes) -> None:
    """Writes a file where there is none; completes one that a kill left torn, and leaves any other as it is."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        existing = Path(path)
        if content.startswith(existing.read_bytes()):  # anything else there is the user's
            existing.write_bytes(content)
        return
    try:
        if os.write(file, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
    finally:
        os.close(file)
