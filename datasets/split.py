"""Which pictures train, validate and test: stratified, seeded, and stable under any edit.

Reads index.csv, export.csv and the tables of duplicates; writes `split.csv` (path,label,subset), exported pictures by
number, then added ones. An exported picture's subset follows from its exported class and number alone (of each class a
quota, those first in the order of a seeded hash), an added one's from its content; so an edit moves no other picture.
Only a group of twins that is drawn apart is joined: `joined.csv` (path,from,to,group) lists what moved for that, and
`leaks.csv` (path,twin,twin_subset,same_label,kind,distance) the test pictures that still have a twin outside.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from datasets.errors import UserError
from datasets.exported import Exported
from datasets.tables import read_rows, write_rows
from datasets.twins import JOINED_HEADER, Leak, find_leaks, join_groups, read_groups

HEADER = ("path", "label", "subset")
_NAMED_AT_MOST = 5
_TWINS_TOLD = (
    ". Pictures that show the same are kept in one subset, which moved {} to another: a larger val_fraction or "
    "test_fraction may leave some where they are missing"
)


@dataclass(frozen=True)
class Fractions:
    """How much of the training pictures validates, and of a source without test pictures how much tests."""

    val: float
    test: float


def write_split(
    index_csv: Path,
    duplicates_dir: Path,
    exported: Sequence[Exported],
    classes: Sequence[str],
    fractions: Fractions,
    seed: int,
    folder: Path,
) -> None:
    """Write split.csv, joined.csv and leaks.csv."""
    test_given = any(origin.path.startswith("test/") for origin in exported)
    cut = Fractions(fractions.val, 0.0 if test_given else fractions.test)
    quotas = _quotas(exported, cut, seed)
    labels, subsets, ranks = {}, {}, {}
    for path, folder_subset, label, _, number, _, sha256 in read_rows(index_csv):
        labels[path], ranks[path] = label, (not number, _rank(seed, f"group {sha256}"))
        if folder_subset == "test":
            subsets[path] = "test"
        elif number and int(number) in quotas:
            subsets[path] = quotas[int(number)]
        else:
            subsets[path] = _by_rank(_rank(seed, sha256), cut)
    joined = join_groups(subsets, read_groups(duplicates_dir / "duplicates.csv"), ranks)
    subsets |= {path: subset for path, _, subset, _ in joined}
    rows = [(path, labels[path], subset) for path, subset in subsets.items()]
    _refuse_empty_classes(rows, classes, fractions, len(joined))
    write_rows(folder / "split.csv", HEADER, rows)
    write_rows(folder / "joined.csv", JOINED_HEADER, joined)
    write_rows(folder / "leaks.csv", Leak._fields, find_leaks(labels, subsets, duplicates_dir / "pairs.csv"))


def _quotas(exported: Iterable[Exported], cut: Fractions, seed: int) -> Mapping[int, str]:
    """The subset of every picture exported for training, by number."""
    by_class = defaultdict(list)
    for origin in exported:
        if origin.path.startswith("train/"):
            by_class[origin.class_name].append(origin.number)
    subsets = {}
    for numbers in by_class.values():
        ranked = sorted(numbers, key=lambda number: (_rank(seed, str(number)), number))
        test_count = round(cut.test * len(ranked))
        val_count = round(cut.val * (len(ranked) - test_count))
        for position, number in enumerate(ranked):
            test, val = position < test_count, position < test_count + val_count
            subsets[number] = "test" if test else "val" if val else "train"
    return subsets


def _by_rank(rank: float, cut: Fractions) -> str:
    if rank < cut.test:
        return "test"
    return "val" if rank < cut.test + cut.val * (1 - cut.test) else "train"


def _rank(seed: int, name: str) -> float:
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _refuse_empty_classes(
    rows: Iterable[tuple[str, str, str]], classes: Sequence[str], fractions: Fractions, joined_count: int
) -> None:
    counts = Counter((subset, int(label)) for _, label, subset in rows)
    told = []
    for subset, purpose in (("train", "train on"), ("val", "validate on"), ("test", "test on")):
        empty = [name for label, name in enumerate(classes) if not counts[subset, label]]
        if empty and (subset != "val" or fractions.val):
            named = ", ".join(empty[:_NAMED_AT_MOST])
            more = f" and {len(empty) - _NAMED_AT_MOST} classes more" if len(empty) > _NAMED_AT_MOST else ""
            told.append(f"there is nothing to {purpose} of {named}{more}")
    if told:
        raise UserError(
            f"{'; '.join(told)}. Put pictures of each into its folders under images/, or leave the class out in the "
            "[dataset:NAME] section of luigi.cfg" + (_TWINS_TOLD.format(joined_count) if joined_count else "")
        )
