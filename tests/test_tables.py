"""Tests that what is written to a table is read back as the same rows, whatever names files have."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import tables

NUMBER = st.integers(0, 10**6)
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # no file's name has a zero
TEXT = st.text(LETTERS | st.sampled_from(["\udcff", "\r", "\n", '"', ","]), max_size=8)
PATH = TEXT.map(lambda text: f"train/_{text.replace('/', '_')}")
DISTANCE = st.floats(0, 1)

TABLES: dict[str, tuple[Sequence[str], Any, Callable[[Path], Sequence[Any]]]] = {
    "export.csv": (
        tables.EXPORT_HEADER,
        st.builds(tables.ExportRow, PATH, NUMBER, NUMBER, TEXT, TEXT),
        tables.read_exported,
    ),
    "rejected.csv": (tables.REJECTED_HEADER, st.builds(tables.RejectedRow, TEXT, TEXT, TEXT), tables.read_rejected),
    "files.csv": (tables.FILES_HEADER, st.builds(tables.FileRow, NUMBER, TEXT), tables.read_files),
    "index.csv": (
        tables.INDEX_HEADER,
        st.builds(tables.IndexRow, PATH, TEXT, NUMBER, TEXT, st.none() | NUMBER, TEXT, TEXT),
        tables.read_index,
    ),
    "edits.csv": (
        tables.EDITS_HEADER,
        st.builds(tables.EditRow, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT),
        tables.read_edits,
    ),
    "split.csv": (tables.SPLIT_HEADER, st.builds(tables.SplitRow, TEXT, NUMBER, TEXT), tables.read_split),
    "duplicates.csv": (
        tables.DUPLICATES_HEADER,
        st.builds(tables.DuplicateRow, NUMBER, TEXT, TEXT, TEXT, TEXT, DISTANCE),
        tables.read_duplicates,
    ),
    "pairs.csv": (tables.PAIRS_HEADER, st.builds(tables.PairRow, TEXT, TEXT, TEXT, DISTANCE), tables.read_pairs),
    "leaks.csv": (
        tables.LEAKS_HEADER,
        st.builds(tables.LeakRow, TEXT, TEXT, TEXT, TEXT, TEXT, DISTANCE),
        tables.read_leaks,
    ),
}


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
def test_a_table_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    header, row, read = TABLES[name]
    rows = data.draw(st.lists(row, max_size=4))
    path = tmp_path_factory.mktemp("table") / name
    tables.write_rows(path, header, rows)
    assert read(path) == rows
    assert all(len(fields) == len(header) for fields in rows)


def test_a_source_without_a_file_for_each_picture_has_no_files(tmp_path: Path) -> None:
    assert tables.read_files(tmp_path / "files.csv") == []
