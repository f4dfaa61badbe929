"""A table of decisions about pictures: the edits.csv of an index, or the suspects.csv of an audit."""

import codecs
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from datasets.errors import UserError
from datasets.folders import SUBSET_DIRS
from datasets.tables import read_cell

_EDITS_COLUMNS = {"edit", "path", "exported_path", "now", "sha256"}
_SUSPECTS_COLUMNS = {"path", "suggested", "sha256"}


class WantedEdit(NamedTuple):
    """A decision about one picture: its class, or that it is to be deleted. Without a subset it stays in its own.

    The path is the exported one in an edits.csv, and the place of the picture in a suspects.csv. `refused` says why a
    row cannot be applied.
    """

    path: str
    sha256: str = ""
    class_name: str = ""
    subset: str = ""
    is_deleted: bool = False
    refused: str = ""
    is_test: bool = False  # a suspect among the test pictures


def read_edit_table(table_csv: Path, first: int | None) -> list[WantedEdit]:
    """Returns the decisions of the first rows of a table, or of all."""
    try:
        text = _decoded(table_csv.read_bytes())
        rows = csv.DictReader(io.StringIO(text, newline=""), restval="", delimiter=_delimiter_of(text))
        as_wanted = _reading_of(rows.fieldnames or ())
        if as_wanted is None:
            raise UserError(
                f"{table_csv}: neither an edits.csv (with columns {', '.join(sorted(_EDITS_COLUMNS))}) "
                f"nor a suspects.csv (with columns {', '.join(sorted(_SUSPECTS_COLUMNS))})"
            )
        return [
            as_wanted({name: read_cell(row[name]) for name in rows.fieldnames or ()}) for row in islice(rows, first)
        ]
    except OSError as error:
        raise UserError(f"{table_csv}: {error.strerror}. Name an edits.csv or a suspects.csv") from error
    except csv.Error as error:
        raise UserError(f"{table_csv} is not a CSV table: {error}") from error


def _decoded(content: bytes) -> str:
    """Returns the text of a table that a spreadsheet may have saved as UTF-16, or with a mark at its beginning."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="surrogateescape")


def _delimiter_of(text: str) -> str:
    """Returns what parts the names of the columns; spreadsheets save a semicolon where commas part decimals."""
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _reading_of(columns: Sequence[str]) -> Callable[[Mapping[str, str]], WantedEdit] | None:
    if set(columns) >= _EDITS_COLUMNS:
        return _of_edit
    return _of_suspect if set(columns) >= _SUSPECTS_COLUMNS else None


def _of_suspect(row: Mapping[str, str]) -> WantedEdit:
    is_test = row.get("subset") == "test" or row["path"].startswith("test/")
    lacking = _lacking(row, "suggested", "sha256")
    return WantedEdit(row["path"], row["sha256"], row["suggested"], refused=lacking, is_test=is_test)


def _of_edit(row: Mapping[str, str]) -> WantedEdit:
    edit, path, exported_path = row["edit"], row["path"], row["exported_path"]
    if edit == "deleted":
        return WantedEdit(exported_path, row["sha256"], is_deleted=True, refused=_lacking(row, "sha256"))
    if edit in ("added", "repainted"):
        return WantedEdit(path, refused=f"{edit}: a table cannot carry pixels, so copy the file itself")
    subset = path.partition("/")[0]
    if edit != "moved" or subset not in SUBSET_DIRS:
        return WantedEdit(path, refused="this row asks for nothing that can be done")
    return WantedEdit(exported_path, row["sha256"], row["now"], subset, refused=_lacking(row, "now", "sha256"))


def _lacking(row: Mapping[str, str], *columns: str) -> str:
    return next((f"its {column} is empty" for column in columns if not row[column]), "")
