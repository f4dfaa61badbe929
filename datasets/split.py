"""The split: which pictures train, validate and test; stratified, seeded, and stable under any edit.

Reads index.csv, export.csv, files.csv and the tables of duplicates; writes `split.csv` (path,label,subset), exported
pictures by number, then added ones. Where the source has a file for each picture, each is drawn by the hash of its
file's name alone, an added one by its content: so no edit and no other file moves it. Where the source always holds the
same pictures, each class gives an exact share, the first in the order of the hashes of their numbers. A class that
would lack pictures in a subset gives it one. A group of duplicates that is drawn into several subsets is joined:
`joined.csv` (path,from,to,group) lists what moved for that, and `leaks.csv` the test pictures that still have a
duplicate outside.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from datasets.duplicates.across_subsets import find_leaks, group_paths, join_groups
from datasets.identity import identity, rank
from datasets.small_classes import Fractions, fill_subsets, refuse_lacking_classes
from datasets.tables import (
    JOINED_HEADER,
    LEAKS_HEADER,
    SPLIT_HEADER,
    ExportRow,
    SplitRow,
    read_duplicates,
    read_index,
    read_pairs,
    write_rows,
)


def write_split(
    index_csv: Path,
    duplicates_dir: Path,
    exported: Sequence[ExportRow],
    files: Mapping[int, str],
    classes: Sequence[str],
    fractions: Fractions,
    seed: int,
    folder: Path,
) -> None:
    """Writes split.csv, joined.csv and leaks.csv; `files` names the file of each number, where a source has them."""
    test_given = any(origin.path.startswith("test/") for origin in exported)
    cut = Fractions(fractions.val, 0.0 if test_given else fractions.test)
    drawn = _draw(exported, files, cut, seed)
    labels, subsets, ranks = {}, {}, {}
    for row in read_index(index_csv):
        labels[row.path], ranks[row.path] = row.label, (row.number is None, rank(seed, f"group {row.sha256}"))
        if row.subset == "test":
            subsets[row.path] = "test"
        elif row.number is not None and row.number in drawn:
            subsets[row.path] = drawn[row.number]
        else:
            subsets[row.path] = _by_rank(rank(seed, row.sha256), cut)
    groups = list(group_paths(read_duplicates(duplicates_dir / "duplicates.csv")))
    joined = join_groups(subsets, groups, ranks)
    subsets |= {row.path: row.joined for row in joined}
    subsets |= fill_subsets(subsets, labels, groups, ranks, cut.drawn())
    refuse_lacking_classes(subsets, labels, classes, fractions, len(joined))
    rows = [SplitRow(path, labels[path], subset) for path, subset in subsets.items()]
    write_rows(folder / "split.csv", SPLIT_HEADER, rows)
    write_rows(folder / "joined.csv", JOINED_HEADER, joined)
    write_rows(
        folder / "leaks.csv", LEAKS_HEADER, find_leaks(labels, subsets, read_pairs(duplicates_dir / "pairs.csv"))
    )


def _draw(exported: Iterable[ExportRow], files: Mapping[int, str], cut: Fractions, seed: int) -> Mapping[int, str]:
    """Returns the subset of every picture exported for training, by number."""
    by_class = defaultdict(list)
    for origin in exported:
        if origin.path.startswith("train/"):
            by_class[origin.class_name].append((rank(seed, identity(origin.number, files)), origin.number))
    subsets = {}
    for pictures in by_class.values():
        ranked = sorted(pictures)
        test_count, val_count = _counts([its_rank for its_rank, _ in ranked], cut, is_each_alone=bool(files))
        for position, (_, number) in enumerate(ranked):
            test, val = position < test_count, position < test_count + val_count
            subsets[number] = "test" if test else "val" if val else "train"
    return subsets


def _counts(ranks: Sequence[float], cut: Fractions, *, is_each_alone: bool) -> tuple[int, int]:
    """Returns how many pictures of a class, whose ranks these are, test and how many validate.

    Drawn each alone, a few more or fewer than the share do: an exact share would move old pictures for each new one.
    """
    if is_each_alone:
        drawn = Counter(_by_rank(its_rank, cut) for its_rank in ranks)
        return cut.at_least_one(drawn["test"], drawn["val"], len(ranks))
    test_count = round(cut.test * len(ranks))
    return cut.at_least_one(test_count, round(cut.val * (len(ranks) - test_count)), len(ranks))


def _by_rank(its_rank: float, cut: Fractions) -> str:
    if its_rank < cut.test:
        return "test"
    return "val" if its_rank < cut.test + cut.val * (1 - cut.test) else "train"
