"""The folds of pictures that are held out together: of all that train or validate, stratified, stable under edits.

Reads index.csv, split.csv, export.csv, files.csv and duplicates.csv; writes `folds.csv` (path,fold) and for each fold
`fold_<fold>.txt`, a digest of its pictures and labels. A picture's fold follows from its file in the source; or, where
that always holds the same pictures, from its exported class and its number; or from its content, if it was added. A
group of duplicates is in one fold, that of one of its pictures.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from datasets.duplicates.across_subsets import group_paths
from datasets.identity import identity, rank
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

_PURPOSE = b"folds"  # with the ranks of the split, each fold would hold pictures of one subset only


def fold_file(fold: int) -> str:
    """Returns the name of the file that holds a fold's digest."""
    return f"fold_{fold}.txt"


def write_folds(
    index_csv: Path,
    split_csv: Path,
    exported: Iterable[ExportRow],
    files: Mapping[int, str],
    duplicates_csv: Path,
    fold_count: int,
    seed: int,
    folder: Path,
) -> None:
    """Writes folds.csv, and the digest of each fold."""
    learnt = {row.path for row in read_split(split_csv) if row.subset != "test"}
    by_number = _folds_by_number(exported, files, fold_count, seed)
    folds, contents = {}, {}
    for row in read_index(index_csv):
        if row.path in learnt:
            added = int(rank(seed, row.sha256, _PURPOSE) * fold_count)
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


def _folds_by_number(
    exported: Iterable[ExportRow], files: Mapping[int, str], fold_count: int, seed: int
) -> Mapping[int, int]:
    """Returns the fold of every exported picture; each class is dealt out evenly where no file can join it."""
    by_class = defaultdict(list)
    for origin in exported:
        by_class[origin.class_name].append((rank(seed, identity(origin.number, files), _PURPOSE), origin.number))
    if files:
        return {number: int(its_rank * fold_count) for pictures in by_class.values() for its_rank, number in pictures}
    return {
        number: position % fold_count
        for pictures in by_class.values()
        for position, (_, number) in enumerate(sorted(pictures))
    }
