"""The folds of pictures that are held out together: of all that train or validate, stratified, stable under edits.

Reads index.csv, split.csv, export.csv and duplicates.csv; writes `folds.csv` (path,fold) and for each fold
`fold_<fold>.txt`, a digest of its pictures and labels. An exported picture's fold follows from its exported class and
number alone, an added one's from its content; a group of duplicates is in one fold, that of one of its pictures.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from datasets.duplicates.across_subsets import group_paths
from datasets.tables import (
    FOLDS_HEADER,
    ExportRow,
    FoldRow,
    read_duplicates,
    read_index,
    read_pairs,
    read_split,
    write_rows,
)


def fold_file(fold: int) -> str:
    """Returns the name of the file that holds a fold's digest."""
    return f"fold_{fold}.txt"


def write_folds(
    index_csv: Path,
    split_csv: Path,
    exported: Iterable[ExportRow],
    duplicates_csv: Path,
    fold_count: int,
    seed: int,
    folder: Path,
) -> None:
    """Writes folds.csv, and the digest of each fold."""
    learnt = {row.path for row in read_split(split_csv) if row.subset != "test"}
    by_number = _folds_by_number(exported, fold_count, seed)
    folds, contents = {}, {}
    for row in read_index(index_csv):
        if row.path in learnt:
            added = int(_rank(seed, row.sha256) * fold_count)
            folds[row.path] = added if row.number is None else by_number.get(row.number, added)
            contents[row.path] = f"{row.sha256} {row.label}"
    for group in group_paths(read_duplicates(duplicates_csv)):
        if members := [path for path in group if path in folds]:
            # Whichever content comes first: no move and no new name makes it another.
            folds |= dict.fromkeys(members, folds[min(members, key=contents.__getitem__)])
    dealt = [sorted((contents[path], path) for path in folds if folds[path] == fold) for fold in range(fold_count)]
    for fold, pictures in enumerate(dealt):
        digest = hashlib.sha256("\n".join(content for content, _ in pictures).encode()).hexdigest()
        (folder / fold_file(fold)).write_text(f"{digest}\n", encoding="utf-8")
    # Learnt from in this order: by content, so that a picture's name has no part in it.
    rows = (FoldRow(path, fold) for fold, pictures in enumerate(dealt) for _, path in pictures)
    write_rows(folder / "folds.csv", FOLDS_HEADER, rows)


def learnt_folds(paths: Iterable[str], folds: Mapping[str, int], duplicates_dir: Path) -> dict[str, set[int]]:
    """Returns the folds that hold each of these pictures or a duplicate of it: none, one or several.

    Several hold it only where a long chain of likeness was cut into groups.
    """
    learnt = {path: {folds[path]} if path in folds else set() for path in paths}
    for group in group_paths(read_duplicates(duplicates_dir / "duplicates.csv")):
        together = set[int]().union(*(learnt[path] for path in group))
        for path in group:
            learnt[path] = together
    copies: defaultdict[str, list[str]] = defaultdict(list)
    near = []
    for pair in read_pairs(duplicates_dir / "pairs.csv"):
        if pair.kind == "exact":
            copies[pair.path].append(pair.duplicate)
        else:
            near += [(pair.path, pair.duplicate), (pair.duplicate, pair.path)]
    of_groups = dict(learnt)
    for one, other in near:
        for path in (one, *copies.get(one, ())):
            learnt[path] = learnt[path] | of_groups[other]
    return learnt


def _folds_by_number(exported: Iterable[ExportRow], fold_count: int, seed: int) -> Mapping[int, int]:
    """Returns the fold of every exported picture, each class dealt out evenly."""
    by_class = defaultdict(list)
    for origin in exported:
        by_class[origin.class_name].append(origin.number)
    return {
        number: position % fold_count
        for numbers in by_class.values()
        for position, number in enumerate(sorted(numbers, key=lambda number: (_rank(seed, str(number)), number)))
    }


def _rank(seed: int, name: str) -> float:
    """Returns a number from 0 to 1 that is fixed for a seed and a name.

    It is not the number that the split draws for that name: then each fold would hold pictures of one subset only.
    """
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8, person=b"folds").digest()
    return int.from_bytes(digest, "big") / 2**64
