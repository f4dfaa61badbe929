"""What twins do to a split: groups stay together, and test pictures with a twin in training are known for leaks.

Reads duplicates.csv and pairs.csv, and gives the rows of `joined.csv` and `leaks.csv`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from datasets.tables import read_rows

JOINED_HEADER = ("path", "from", "to", "group")


class Leak(NamedTuple):
    """A test picture, and the nearest to it of all that train or validate."""

    path: str
    twin: str
    twin_subset: str
    same_label: str
    kind: str
    distance: str


def read_groups(duplicates_csv: Path) -> list[list[str]]:
    """The paths in each group of twins, in the order of their numbers."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for number, path, *_ in read_rows(duplicates_csv):
        groups[number].append(path)
    return list(groups.values())


def join_groups(
    subsets: Mapping[str, str], groups: Iterable[Sequence[str]], ranks: Mapping[str, tuple[bool, float]]
) -> list[tuple[str, str, str, int]]:
    """What has to move so that no group straddles subsets: its members in train/ follow the one of the lowest rank.

    A rank has nothing to do with how its picture was drawn; so each subset keeps its share, however many twins there
    are, and one added later moves no more than its group.
    """
    joined = []
    for number, group in enumerate(groups, 1):
        drawn = {path: subsets[path] for path in group if path.startswith("train/")}
        _, chosen = min(((ranks[path], subset) for path, subset in drawn.items()), default=(None, ""))
        joined += [(path, subset, chosen, number) for path, subset in drawn.items() if subset != chosen]
    return joined


def find_leaks(labels: Mapping[str, str], subsets: Mapping[str, str], pairs_csv: Path) -> Iterator[Leak]:
    """Every test picture with a twin that trains or validates, in the order of the split."""
    pairs = list(read_rows(pairs_csv))
    first = {copy: path for path, copy, kind, _ in pairs if kind == "exact"}
    nearest = _nearest_trained(subsets, pairs)
    for path, subset in subsets.items():
        found = nearest.get(first.get(path, path))
        if subset == "test" and found:
            _, twin_subset, twin, kind, distance = found
            same_label = "yes" if labels[path] == labels[twin] else "no"
            yield Leak(path, twin, twin_subset, same_label, kind, distance)


def _nearest_trained(
    subsets: Mapping[str, str], pairs: Sequence[Sequence[str]]
) -> dict[str, tuple[float, str, str, str, str]]:
    """For each picture that is the first of its pixels its nearest twin, itself and its copies among them."""
    copies: defaultdict[str, list[str]] = defaultdict(list)
    near: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, twin, kind, distance in pairs:
        if kind == "exact":
            copies[path].append(twin)
        else:
            near[path].append((twin, distance))
            near[twin].append((path, distance))
    nearest = {}
    for path in copies.keys() | near.keys():
        exact = [(0.0, subsets[copy], copy, "exact", "0.0") for copy in (path, *copies.get(path, ()))]
        others = [
            (float(distance), subsets[copy], copy, "near", distance)
            for twin, distance in near.get(path, ())
            for copy in (twin, *copies.get(twin, ()))
        ]
        trained = [twin for twin in exact + others if twin[1] != "test"]
        if trained:
            nearest[path] = min(trained)  # of those at one distance, one that trains comes before one that validates
    return nearest
