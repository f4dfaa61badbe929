"""The split: which pictures train, validate and test; stratified, seeded, and stable under any edit.

Reads index.csv, export.csv and the tables of duplicates; writes `split.csv` (path,label,subset), exported pictures by
number, then added ones. An exported picture's subset follows from its exported class and number alone (a quota of each
class, the first in the order of a seeded hash), an added one's from its content; so an edit moves no other picture,
unless a class would lack one. A group of duplicates that is drawn into several subsets is joined: `joined.csv`
(path,from,to,group) lists what moved for that, and `leaks.csv` the test pictures that still have a duplicate outside.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from datasets.duplicates.across_subsets import find_leaks, group_paths, join_groups
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
    classes: Sequence[str],
    fractions: Fractions,
    seed: int,
    folder: Path,
) -> None:
    """Writes split.csv, joined.csv and leaks.csv."""
    test_given = any(origin.path.startswith("test/") for origin in exported)
    cut = Fractions(fractions.val, 0.0 if test_given else fractions.test)
    quotas = _quotas(exported, cut, seed)
    labels, subsets, ranks = {}, {}, {}
    for row in read_index(index_csv):
        labels[row.path], ranks[row.path] = row.label, (row.number is None, _rank(seed, f"group {row.sha256}"))
        if row.subset == "test":
            subsets[row.path] = "test"
        elif row.number is not None and row.number in quotas:
            subsets[row.path] = quotas[row.number]
        else:
            subsets[row.path] = _by_rank(_rank(seed, row.sha256), cut)
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


def _quotas(exported: Iterable[ExportRow], cut: Fractions, seed: int) -> Mapping[int, str]:
    """Returns the subset of every picture exported for training, by number."""
    by_class = defaultdict(list)
    for origin in exported:
        if origin.path.startswith("train/"):
            by_class[origin.class_name].append(origin.number)
    subsets = {}
    for numbers in by_class.values():
        ranked = sorted(numbers, key=lambda number: (_rank(seed, str(number)), number))
        test_count, val_count = cut.counts(len(ranked))
        for position, number in enumerate(ranked):
            test, val = position < test_count, position < test_count + val_count
            subsets[number] = "test" if test else "val" if val else "train"
    return subsets


def _by_rank(rank: float, cut: Fractions) -> str:
    if rank < cut.test:
        return "test"
    return "val" if rank < cut.test + cut.val * (1 - cut.test) else "train"


def _rank(seed: int, name: str) -> float:
    """Returns where a name stands between 0 and 1 in a seeded order."""
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
