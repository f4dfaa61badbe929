"""How many pictures each class has in each subset.

Reads split.csv and the pack's class names; writes and reads counts.csv (class,train,val,test,all), a row a label.
"""

from dataclasses import dataclass
from pathlib import Path

from datasets.pack import SUBSETS, read_classes
from datasets.tables import write_rows
from reports.tables import count_split, read_records


@dataclass(frozen=True)
class ClassCounts:
    """How many pictures a class has in each subset."""

    name: str
    by_subset: dict[str, int]
    total: int


def write_counts(split_csv: Path, pack_dir: Path, counts_csv: Path) -> None:
    counts = count_split(split_csv)
    rows = []
    for label, name in enumerate(read_classes(pack_dir)):
        of_class = [counts[label, subset] for subset in SUBSETS]
        rows.append((name, *of_class, sum(of_class)))
    write_rows(counts_csv, ("class", *SUBSETS, "all"), rows)


def read_counts(counts_csv: Path) -> list[ClassCounts]:
    return [
        ClassCounts(row["class"], {subset: int(row[subset]) for subset in SUBSETS}, int(row["all"]))
        for row in read_records(counts_csv)
    ]
