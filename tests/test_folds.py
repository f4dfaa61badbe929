import hashlib
from collections import Counter
from pathlib import Path

import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from datasets.folds import fold_file, write_folds
from datasets.tables import DUPLICATES_HEADER, INDEX_HEADER, SPLIT_HEADER, ExportRow, read_folds, write_rows

CLASSES = ("cat", "dog")
EXPORTED = [
    ExportRow(f"train/{CLASSES[number % 2]}/{number % 2}_{number:02}.png", number, number % 2, CLASSES[number % 2], "")
    for number in range(40)
]


def picture(origin: ExportRow, path: str | None = None, label: int | None = None) -> tuple[str, int, int, str]:
    """A picture as it is found: its path, label, number and content."""
    label = origin.label if label is None else label
    return path or origin.path, label, origin.number, hashlib.sha256(origin.path.encode()).hexdigest()


FOUND = [picture(origin) for origin in EXPORTED]


def folds_of(
    folder: Path,
    found: list[tuple[str, int, int, str]],
    groups: tuple[tuple[str, ...], ...] = (),
    files: dict[int, str] | None = None,
) -> tuple[dict[str, int], list[str]]:
    """The fold of each picture, and the digest of each of four folds."""
    folder.mkdir(exist_ok=True)
    rows = [(path, "train", label, CLASSES[label], number, "", sha) for path, label, number, sha in found]
    write_rows(folder / "index.csv", INDEX_HEADER, rows)
    split = ((path, label, "val" if number == 3 else "train") for path, label, number, _ in found)
    write_rows(folder / "split.csv", SPLIT_HEADER, split)
    duplicates = ((number, path, "", "", "near", 0) for number, group in enumerate(groups, 1) for path in group)
    write_rows(folder / "duplicates.csv", DUPLICATES_HEADER, duplicates)
    write_folds(
        folder / "index.csv", folder / "split.csv", EXPORTED, files or {}, folder / "duplicates.csv", 4, 0, folder
    )
    return read_folds(folder / "folds.csv"), [(folder / fold_file(fold)).read_text() for fold in range(4)]


def test_every_class_is_dealt_out_evenly(tmp_path: Path) -> None:
    folds, _ = folds_of(tmp_path, FOUND)
    assert Counter((path.split("/")[1], fold) for path, fold in folds.items()) == {
        (name, fold): 5 for name in CLASSES for fold in range(4)
    }


@given(moved=st.integers(0, 39))
def test_moving_a_picture_changes_its_own_fold_alone(tmp_path_factory: pytest.TempPathFactory, moved: int) -> None:
    folder = tmp_path_factory.mktemp("folds")
    before, digests = folds_of(folder, FOUND)
    origin, new_path = EXPORTED[moved], "train/dog/wherever.png"
    found = [*FOUND[:moved], picture(origin, new_path, label=1 - origin.label), *FOUND[moved + 1 :]]
    after, new_digests = folds_of(folder, found)
    fold = before[origin.path]
    assert after == {path: its_fold for path, its_fold in before.items() if path != origin.path} | {new_path: fold}
    assert [was != now for was, now in zip(digests, new_digests, strict=True)] == [
        number == fold for number in range(4)
    ]


def test_renaming_a_picture_changes_no_fold(tmp_path: Path) -> None:
    found = [picture(EXPORTED[0], "train/cat/renamed.png"), *FOUND[1:]]
    assert folds_of(tmp_path, found)[1] == folds_of(tmp_path, FOUND)[1]


def test_a_group_of_duplicates_is_held_out_together(tmp_path: Path) -> None:
    apart, _ = folds_of(tmp_path, FOUND)
    group = tuple(path for path in apart if path.startswith("train/cat/"))[:6]
    assert len({apart[path] for path in group}) > 1
    together, _ = folds_of(tmp_path, FOUND, groups=(group, ("test/cat/0_40.png", FOUND[1][0])))
    assert len({together[path] for path in group}) == 1
    assert all(together[path] == apart[path] for path in apart if path not in group)


@pytest.fixture
def dealt(exported: Project) -> Project:
    """A project whose pictures are dealt into folds."""
    exported.built(pipeline.SplitFolds)
    return exported


def test_validation_pictures_are_dealt_too_and_test_pictures_are_not(dealt: Project) -> None:
    folds = read_folds(dealt.home / "latest/folds/split/folds.csv")
    assert len(folds) == 30
    assert all(path.startswith("train/") for path in folds)
