"""The CSV tables of a data set: the header and the rows of each, and how they are read and written.

A number that a table leaves empty is None in its row. Distances run from 0 (the same pixels) upwards.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from datasets.damaged import inner_path, told_if_damaged

_COMPUTED = re.compile(r"'*[=+\-@\t\r]")  # what spreadsheets take for a formula, or what was quoted for that
_MAY_NEED_QUOTING = frozenset("'=+-@\t\r")

EXPORT_HEADER = ("path", "number", "label", "class", "sha256")  # of removed.csv, too


class ExportRow(NamedTuple):
    """A picture as it was exported; its number is that of its file, or its position in the source."""

    path: str
    number: int
    label: int
    class_name: str
    sha256: str


REJECTED_HEADER = ("path", "reason", "folder")


class RejectedRow(NamedTuple):
    """A file that cannot be used as a picture, and why; the path begins in the folder."""

    path: str
    reason: str
    folder: str = "images"  # images or source; older versions did not write it


FILES_HEADER = ("number", "file")


class FileRow(NamedTuple):
    """The number that was given to a file of the source, whether the file is exported, left out or gone."""

    number: int
    file: str


INDEX_HEADER = ("path", "subset", "label", "class", "number", "exported_path", "sha256")


class IndexRow(NamedTuple):
    """A usable picture in the folders; one that was added has no number and an empty exported_path."""

    path: str
    subset: str
    label: int
    class_name: str
    number: int | None
    exported_path: str
    sha256: str


EDITS_HEADER = ("edit", "path", "exported_path", "was", "now", "words", "sha256")


class EditRow(NamedTuple):
    """An edit of one picture since the export; `was` and `now` are classes."""

    edit: str  # moved, repainted, added or deleted
    path: str
    exported_path: str
    was: str
    now: str
    words: str
    sha256: str


SPLIT_HEADER = ("path", "label", "subset")  # of a pack's pictures.csv, too


class SplitRow(NamedTuple):
    """A picture, and the subset it is in: train, val or test."""

    path: str
    label: int
    subset: str


JOINED_HEADER = ("path", "from", "to", "group")


class JoinedRow(NamedTuple):
    """A picture that changed its subset to be with the others of its group of duplicates."""

    path: str
    drawn: str
    joined: str
    group: int


DUPLICATES_HEADER = ("group", "path", "subset", "class", "kind", "distance")


class DuplicateRow(NamedTuple):
    """A picture that has a duplicate; the distance is that to the nearest other picture of its group."""

    group: int
    path: str
    subset: str
    class_name: str
    kind: str  # exact or near
    distance: float


PAIRS_HEADER = ("path", "duplicate", "kind", "distance")


class PairRow(NamedTuple):
    """A pair of duplicates: a copy and the first picture of its pixels, or two such first pictures that are near."""

    path: str
    duplicate: str
    kind: str  # exact or near
    distance: float


LEAKS_HEADER = ("path", "duplicate", "duplicate_subset", "same_label", "kind", "distance")


class LeakRow(NamedTuple):
    """A test picture, and the nearest duplicate of it that trains or validates."""

    path: str
    duplicate: str
    duplicate_subset: str
    same_label: str  # yes or no
    kind: str
    distance: float


FOLDS_HEADER = ("path", "fold")


class FoldRow(NamedTuple):
    """A picture, and the fold in which it is held out."""

    path: str
    fold: int


SUSPECTS_HEADER = ("path", "subset", "label", "suggested", "score", "command", "sha256")


class SuspectRow(NamedTuple):
    """A picture whose label, the name of a class, is probably wrong; the command moves it to the suggested class."""

    path: str
    subset: str
    label: str
    suggested: str
    score: str
    command: str
    sha256: str


@told_if_damaged
def read_exported(export_csv: Path) -> list[ExportRow]:
    """Returns the pictures of export.csv, in the order of their numbers."""
    return [
        ExportRow(inner_path(path), int(number), int(label), class_name, sha256)
        for path, number, label, class_name, sha256 in read_rows(export_csv, EXPORT_HEADER)
    ]


@told_if_damaged
def read_rejected(rejected_csv: Path) -> list[RejectedRow]:
    """Returns the files of rejected.csv."""
    return [RejectedRow(*row) for row in read_rows(rejected_csv, REJECTED_HEADER)]


@told_if_damaged
def read_files(files_csv: Path) -> list[FileRow]:
    """Returns the rows of files.csv; none where the source has no file for each picture, and so no files.csv."""
    return (
        [FileRow(int(number), file) for number, file in read_rows(files_csv, FILES_HEADER)]
        if files_csv.exists()
        else []
    )


@told_if_damaged
def read_index(index_csv: Path) -> list[IndexRow]:
    """Returns the pictures of index.csv."""
    return [
        IndexRow(
            inner_path(path), subset, int(label), class_name, int(number) if number else None, exported_path, sha256
        )
        for path, subset, label, class_name, number, exported_path, sha256 in read_rows(index_csv, INDEX_HEADER)
    ]


@told_if_damaged
def read_edits(edits_csv: Path) -> list[EditRow]:
    """Returns the edits of edits.csv."""
    return [EditRow(*row) for row in read_rows(edits_csv, EDITS_HEADER)]


@told_if_damaged
def read_split(split_csv: Path) -> list[SplitRow]:
    """Returns the pictures of split.csv or pictures.csv."""
    return [SplitRow(path, int(label), subset) for path, label, subset in read_rows(split_csv, SPLIT_HEADER)]


@told_if_damaged
def read_duplicates(duplicates_csv: Path) -> list[DuplicateRow]:
    """Returns the pictures of duplicates.csv, group by group."""
    return [
        DuplicateRow(int(group), path, subset, class_name, kind, float(distance))
        for group, path, subset, class_name, kind, distance in read_rows(duplicates_csv, DUPLICATES_HEADER)
    ]


@told_if_damaged
def read_pairs(pairs_csv: Path) -> list[PairRow]:
    """Returns the pairs of pairs.csv."""
    return [
        PairRow(path, other, kind, float(distance))
        for path, other, kind, distance in read_rows(pairs_csv, PAIRS_HEADER)
    ]


@told_if_damaged
def read_leaks(leaks_csv: Path) -> list[LeakRow]:
    """Returns the test pictures of leaks.csv."""
    return [
        LeakRow(path, duplicate, subset, same_label, kind, float(distance))
        for path, duplicate, subset, same_label, kind, distance in read_rows(leaks_csv, LEAKS_HEADER)
    ]


@told_if_damaged
def read_folds(folds_csv: Path) -> dict[str, int]:
    """Returns the fold of each picture, in the order of folds.csv."""
    return {path: int(fold) for path, fold in read_rows(folds_csv, FOLDS_HEADER)}


def read_rows(path: Path, header: Sequence[str] = ()) -> Iterator[list[str]]:
    """Yields the rows below the header, as text; a table that is none, or of another header, is damaged."""
    with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = _rows_of(file)
        columns = next(rows, [])
        if header and columns[:1] != list(header[:1]):
            raise ValueError(f"its first line is not {','.join(header)}")
        for row in rows:
            if len(row) != len(columns):
                raise ValueError(f"a line has {len(row)} cells, the first has {len(columns)}")
            yield [read_cell(cell) for cell in row] if "'" in "".join(row) else row


def _rows_of(file: Iterable[str]) -> Iterator[list[str]]:
    try:
        yield from csv.reader(file)
    except csv.Error as error:
        raise ValueError(error) from error


def read_named_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yields the rows, each by the names of the columns, as text."""
    with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        for row in csv.DictReader(file):
            yield {column: read_cell(cell) for column, cell in row.items()}


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes a header and rows, every line with the same ending on every system; None is left empty.

    Text that a spreadsheet would compute, as the name `=1+1`, gets an apostrophe before it, which reading takes off.
    """
    rows = [_quoted(row) for row in (header, *rows)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    if "\r" in text.getvalue():  # Python before 3.13 leaves it unquoted, and then cannot read it
        text = io.StringIO()
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", errors="surrogateescape", newline="")


def read_cell(cell: str) -> str:
    """Returns the text that `write_rows` was given for a cell."""
    return cell[1:] if cell[:1] == "'" and _COMPUTED.match(cell) else cell


def _quoted(row: Sequence[Any]) -> list[Any]:
    return [
        f"'{cell}" if cell.__class__ is str and cell[:1] in _MAY_NEED_QUOTING and _COMPUTED.match(cell) else cell
        for cell in row
    ]
