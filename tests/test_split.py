"""The split: stratified, seeded, and stable under any edit."""

import csv
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

import pytest
from conftest import Project
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scenes import grainy, scene

import pipeline
from datasets.errors import UserError
from datasets.small_classes import Fractions
from datasets.split import write_split
from datasets.tables import DUPLICATES_HEADER, INDEX_HEADER, PAIRS_HEADER, ExportRow, PairRow, write_rows

CLASSES = ("a", "b")


def split_of(
    exported: list[ExportRow],
    folder: Path,
    fractions: Fractions,
    seed: int = 0,
    groups: Sequence[Sequence[str]] = (),
    pairs: Sequence[PairRow] = (),
    files: Mapping[int, str] | None = None,
) -> dict[str, str]:
    """The subset of each path, where these paths are grouped and these pairs were found."""
    members = [(number, path, "", "", "near", 0.1) for number, group in enumerate(groups, 1) for path in group]
    write_rows(folder / "duplicates.csv", DUPLICATES_HEADER, members)
    write_rows(folder / "pairs.csv", PAIRS_HEADER, pairs)
    rows = [
        (
            origin.path,
            origin.path.split("/")[0],
            origin.label,
            origin.class_name,
            origin.number,
            origin.path,
            f"of {origin.number}",
        )
        for origin in exported
    ]
    write_rows(folder / "index.csv", INDEX_HEADER, rows)
    write_split(folder / "index.csv", folder, exported, files or {}, CLASSES, fractions, seed, folder)
    with (folder / "split.csv").open() as file:
        return {row["path"]: row["subset"] for row in csv.DictReader(file)}


def exported_pictures(train: int, test: int, imbalance: int = 1) -> list[ExportRow]:
    pictures = []
    for number in range(train + test):
        label = 0 if number % (imbalance + 1) else 1
        subset = "train" if number < train else "test"
        pictures.append(
            ExportRow(f"{subset}/{CLASSES[label]}/{number}.png", number, label, CLASSES[label], f"{number}")
        )
    return pictures


@given(train=st.integers(20, 300), val=st.floats(0.1, 0.5), seed=st.integers(0, 99), imbalance=st.integers(1, 4))
def test_each_class_gives_its_share_to_validation(
    tmp_path_factory: pytest.TempPathFactory, train: int, val: float, seed: int, imbalance: int
) -> None:
    exported = exported_pictures(train * 2, 20, imbalance)
    subsets = split_of(exported, tmp_path_factory.mktemp("split"), Fractions(val, 0.2), seed)
    counts = Counter((path.split("/")[1], subset) for path, subset in subsets.items())
    for name in CLASSES:
        share = counts[name, "val"] / (counts[name, "val"] + counts[name, "train"])
        assert abs(share - val) <= 0.5 / (counts[name, "val"] + counts[name, "train"]) + 1e-9


@pytest.mark.parametrize("joining", [1, 2, 40])
def test_files_keep_their_subsets_whatever_their_numbers_and_whatever_files_join(tmp_path: Path, joining: int) -> None:
    names = [f"{CLASSES[number % 2]}/é {number}.jpg" for number in range(400)]
    for seed in range(10):
        drawn = []
        for files in (
            dict(enumerate(names)),
            dict(enumerate(reversed([*names, *map("a/new {}".format, range(joining))]))),
        ):
            exported = [
                ExportRow(f"train/{name}", number, CLASSES.index(name[0]), name[0], str(number))
                for number, name in files.items()
            ]
            subsets = split_of(exported, tmp_path, Fractions(0.1, 0.1), seed, files=files)
            drawn.append({path: subsets[path] for path in sorted(subsets)})
        assert drawn[0].items() <= drawn[1].items()


def test_a_file_is_drawn_alike_however_its_disk_spells_its_letters(tmp_path: Path) -> None:
    exported = exported_pictures(100, 0)
    spellings = [{row.number: normalize(form, f"é {row.number}.jpg") for row in exported} for form in ("NFC", "NFD")]
    composed, decomposed = (split_of(exported, tmp_path, Fractions(0.1, 0.1), files=files) for files in spellings)
    assert composed == decomposed


@pytest.mark.parametrize("class_size", [3, 4, 6, 20])
def test_a_class_of_three_files_has_one_in_each_subset(tmp_path: Path, class_size: int) -> None:
    exported = exported_pictures(2 * class_size, 0)
    for seed in range(50):
        files = {origin.number: f"{origin.number}.jpg" for origin in exported}
        subsets = split_of(exported, tmp_path, Fractions(0.1, 0.1), seed, files=files)
        assert len({(path.split("/")[1], subset) for path, subset in subsets.items()}) == 6


def test_files_drawn_each_alone_give_about_their_share(tmp_path: Path) -> None:
    exported = exported_pictures(4_000, 0)
    files = {origin.number: f"pets/{origin.number}.jpg" for origin in exported}
    counts = Counter(split_of(exported, tmp_path, Fractions(0.1, 0.2), files=files).values())
    assert counts["test"] == pytest.approx(800, rel=0.1)
    assert counts["val"] == pytest.approx(320, rel=0.15)


def test_the_sources_own_test_pictures_are_the_test_pictures(tmp_path: Path) -> None:
    subsets = split_of(exported_pictures(100, 20), tmp_path, Fractions(0.1, 0.2))
    assert all((subset == "test") == path.startswith("test/") for path, subset in subsets.items())


def test_a_source_without_test_pictures_gets_its_fraction(tmp_path: Path) -> None:
    subsets = split_of(exported_pictures(200, 0), tmp_path, Fractions(0.1, 0.2))
    assert Counter(subsets.values()) == {"train": 144, "val": 16, "test": 40}


def test_another_seed_draws_other_pictures(tmp_path: Path) -> None:
    exported = exported_pictures(200, 20)
    assert split_of(exported, tmp_path, Fractions(0.1, 0), 0) != split_of(exported, tmp_path, Fractions(0.1, 0), 1)


def test_a_class_without_pictures_to_validate_on_stops_the_run_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="b: 2 pictures, of which 1 trains, none validates, 1 tests"):
        split_of(exported_pictures(5, 5, imbalance=4), tmp_path, Fractions(0.1, 0))


def test_without_a_validation_share_every_training_picture_trains(tmp_path: Path) -> None:
    assert set(split_of(exported_pictures(40, 10), tmp_path, Fractions(0, 0)).values()) == {"train", "test"}


def rows_of(table: Path) -> list[tuple[str, ...]]:
    with table.open(newline="") as file:
        return [tuple(row) for row in list(csv.reader(file))[1:]]


@settings(deadline=None)
@given(data=st.data(), test_given=st.booleans())
def test_a_group_never_straddles_and_nothing_else_moves(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, test_given: bool
) -> None:
    exported = exported_pictures(100, 20 if test_given else 0)
    order = data.draw(st.permutations([origin.path for origin in exported]))
    groups = [order[:2], order[2:6], order[6:9]]
    fractions, folder = Fractions(0.3, 0.2), tmp_path_factory.mktemp("split")
    before = split_of(exported, folder, fractions)
    after = split_of(exported, folder, fractions, groups=groups)
    joined = {path: (was, now, group) for path, was, now, group in rows_of(folder / "joined.csv")}
    for number, group in enumerate(groups, 1):
        drawn = [path for path in group if path.startswith("train/")]
        assert len({after[path] for path in drawn}) <= 1
        for path in drawn:
            moved = (before[path], after[path], str(number)) if before[path] != after[path] else None
            assert joined.get(path) == moved
    assert {path for path in before if before[path] != after[path]} == joined.keys()


def test_every_subset_keeps_its_share_where_all_pictures_are_there_twice(tmp_path: Path) -> None:
    exported = exported_pictures(2_000, 0)
    paths = [origin.path for origin in exported]
    pairs = [paths[start : start + 2] for start in range(0, len(paths), 2)]
    counts = Counter(split_of(exported, tmp_path, Fractions(0.2, 0.2), groups=pairs).values())
    assert counts["test"] == pytest.approx(400, rel=0.25)
    assert counts["val"] == pytest.approx(320, rel=0.25)


def test_a_copy_added_to_a_validation_picture_does_not_take_it_away(project: Project) -> None:
    before = subsets_of(project)
    for number, cat in enumerate(sorted(project.images.glob("train/cat/*.png"))):
        shutil.copy(cat, cat.with_name(f"copy {number}.png"))
    after = subsets_of(project)
    assert {name: after[name] for name in before} == before


def test_classes_emptied_by_duplicates_are_told_so(exported: Project) -> None:
    exported.settings["dataset:tiny"]["duplicates"] = "near"
    for place, name in enumerate(("cat", "dog", "frog")):
        for number, picture in enumerate(sorted(exported.images.glob(f"train/{name}/*.png"))):
            Image.fromarray(grainy(scene(place), number)).save(picture)
    assert "Pictures that show the same are kept in one subset" in exported.error(pipeline.SplitImages)


def test_a_group_drawn_for_one_subset_stays_in_it(tmp_path: Path) -> None:
    exported = exported_pictures(100, 20)
    subsets = split_of(exported, tmp_path, Fractions(0.3, 0))
    validating = [path for path, subset in subsets.items() if subset == "val"]
    assert split_of(exported, tmp_path, Fractions(0.3, 0), groups=[validating[:3]]) == subsets
    assert rows_of(tmp_path / "joined.csv") == []


def test_a_leak_names_the_nearest_duplicate_of_those_that_train_or_validate(tmp_path: Path) -> None:
    exported = exported_pictures(100, 20)
    subsets = split_of(exported, tmp_path, Fractions(0.3, 0))
    train, val, test = ([path for path in subsets if subsets[path] == name] for name in ("train", "val", "test"))
    other = next(path for path in train if path.split("/")[1] != test[0].split("/")[1])
    pairs = [
        PairRow(test[0], val[0], "near", 0.2),
        PairRow(test[0], other, "near", 0.1),
        PairRow(test[0], test[1], "exact", 0.0),
        PairRow(test[2], test[3], "near", 0.05),
        PairRow(test[4], train[5], "exact", 0.0),
        PairRow(test[4], train[6], "near", 0.01),
    ]
    split_of(exported, tmp_path, Fractions(0.3, 0), pairs=pairs)
    same = {path: "yes" if path.split("/")[1] == other.split("/")[1] else "no" for path in test[:2]}
    copied = "yes" if test[4].split("/")[1] == train[5].split("/")[1] else "no"
    assert rows_of(tmp_path / "leaks.csv") == [
        (test[0], other, "train", same[test[0]], "near", "0.1"),
        (test[1], other, "train", same[test[1]], "near", "0.1"),
        (test[4], train[5], "train", copied, "exact", "0.0"),
    ]


def subsets_of(project: Project) -> dict[str, str]:
    assert project.build().complete
    with (project.home / "latest/split/split.csv").open() as file:
        return {Path(row["path"]).name: row["subset"] for row in csv.DictReader(file)}


def test_no_edit_moves_another_picture_to_another_subset(project: Project) -> None:
    before = subsets_of(project)
    moved, deleted = project.picture("cat", 2), project.picture("frog", 3)
    moved.rename(project.images / "train/dog" / moved.name)
    deleted.unlink()
    Image.new("RGB", (32, 32), "red").save(project.images / "train/frog/added.png")
    after = subsets_of(project)
    del before[deleted.name]
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"added.png"}


def test_a_class_emptied_by_hand_stops_the_run_with_its_name(project: Project) -> None:
    project.build()
    for picture in (project.images / "test/frog").iterdir():
        picture.unlink()
    assert "frog: 10 pictures, of which 8 train, 2 validate, none tests" in project.error()


def test_duplicates_drawn_apart_are_put_together_and_make_a_test_picture_a_leak(project: Project) -> None:
    before = subsets_of(project)
    cats = sorted(project.images.glob("train/cat/*.png"))
    training, validating = (next(cat for cat in cats if before[cat.name] == subset) for subset in ("train", "val"))
    tested = project.picture("dog", subset="test")
    for number, picture in enumerate((training, validating, tested)):
        Image.fromarray(grainy(scene(1), number)).save(picture)
    together = subsets_of(project)
    assert together in (before | {validating.name: "train"}, before | {training.name: "val"})
    split = project.home / "latest/split"
    ((path, was, now, group),) = rows_of(split / "joined.csv")
    assert (before[Path(path).name], together[Path(path).name], group) == (was, now, "1")
    (leak,) = rows_of(split / "leaks.csv")
    assert leak[:1] + leak[2:5] == (f"test/dog/{tested.name}", now, "no", "near")
    training.unlink()
    tested.unlink()
    assert subsets_of(project)[validating.name] == "val"
    assert rows_of(split / "leaks.csv") == []
