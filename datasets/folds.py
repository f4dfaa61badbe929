"""Which pictures are held out together: k folds of all that train or validate, stratified and stable under any edit.

Reads index.csv, split.csv, export.csv and duplicates.csv; writes `folds.csv` (path,fold) and for each fold
`fold_<fold>.txt`, a digest of its pictures and labels. An exported picture's fold follows from its exported class and
number alone, an added one's from its content; a group of twins is in one fold, that of one of them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from datasets.exported import Exported
from datasets.tables import read_rows, write_rows
from datasets.twins import read_groups

HEADER = ("path", "fold")


def fold_file(fold: int) -> str:
    """The file that says by one digest what is in a fold."""
    return f"fold_{fold}.txt"


def write_folds(
    index_csv: Path,
    split_csv: Path,
    exported: Iterable[Exported],
    duplicates_csv: Path,
    fold_count: int,
    seed: int,
    folder: Path,
) -> None:
    """Write folds.csv, and the digest of each fold."""
    learnt = {path for path, _, subset in read_rows(split_csv) if subset != "test"}
    by_number = _folds_by_number(exported, fold_count, seed)
    folds, contents = {}, {}
    for path, _, label, _, number, _, sha256 in read_rows(index_csv):
        if path in learnt:
            added = int(_rank(seed, sha256) * fold_count)
            folds[path] = by_number.get(int(number), added) if number else added
            contents[path] = f"{sha256} {label}"
    for group in read_groups(duplicates_csv):
        if members := [path for path in group if path in folds]:
            # Whichever content comes first: no move and no new name makes it another.
            folds |= dict.fromkeys(members, folds[min(members, key=contents.__getitem__)])
    dealt = [sorted((contents[path], path) for path in folds if folds[path] == fold) for fold in range(fold_count)]
    for fold, pictures in enumerate(dealt):
        digest = hashlib.sha256("\n".join(content for content, _ in pictures).encode()).hexdigest()
        (folder / fold_file(fold)).write_text(f"{digest}\n", encoding="utf-8")
    # Learnt from in this order: by content, so that a picture's name has no part in it.
    rows = ((path, fold) for fold, pictures in enumerate(dealt) for _, path in pictures)
    write_rows(folder / "folds.csv", HEADER, rows)


def read_folds(folds_csv: Path) -> dict[str, int]:
    """The fold of each picture, in the order of the file."""
    return {path: int(fold) for path, fold in read_rows(folds_csv)}


def _folds_by_number(exported: Iterable[Exported], fold_count: int, seed: int) -> Mapping[int, int]:
    """The fold of every exported picture, each class dealt out evenly."""
    by_class = defaultdict(list)
    for origin in exported:
        by_class[origin.class_name].append(origin.number)
    return {
        number: position % fold_count
        for numbers in by_class.values()
        for position, number in enumerate(sorted(numbers, key=lambda number: (_rank(seed, str(number)), number)))
    }


def _rank(seed: int, name: str) -> float:
    """Where a picture stands between 0 and 1; another rank than the split's, so that a fold is no subset of its."""
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8, person=b"folds").digest()
    return int.from_bytes(digest, "big") / 2**64
