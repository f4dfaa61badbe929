"""How many pictures each class has. Reads split.csv and the pack's class names; writes nothing."""

from dataclasses import dataclass
from pathlib import Path

from datasets.packed import SUBSETS, read_classes
from reports.tables import count_split


@dataclass(frozen=True)
class ClassCounts:
    """How many pictures a class has in each subset."""

    name: str
    by_subset: dict[str, int]
    total: int


def count_classes(split_csv: Path, pack_dir: Path) -> list[ClassCounts]:
    counts = count_split(split_csv)
    rows = []
    for label, name in enumerate(read_classes(pack_dir)):
        by_subset = {subset: counts[label, subset] for subset in SUBSETS}
        rows.append(ClassCounts(name, by_subset, sum(by_subset.values())))
    return rows
