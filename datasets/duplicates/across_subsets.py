"""The duplicates across subsets: groups are joined, and test pictures with a duplicate outside the test are found."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from datasets.tables import DuplicateRow, JoinedRow, LeakRow, PairRow


def group_paths(duplicates: Iterable[DuplicateRow]) -> list[list[str]]:
    """Returns the paths of each group of duplicates, in the order of the groups' numbers."""
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for row in duplicates:
        groups[row.group].append(row.path)
    return list(groups.values())


def join_groups(
    subsets: Mapping[str, str], groups: Iterable[Sequence[str]], ranks: Mapping[str, tuple[bool, float]]
) -> list[JoinedRow]:
    """Returns what has to move so that each group is in one subset: its members in train/ follow the lowest rank.

    A rank has nothing to do with how its picture was drawn; so each subset keeps its share, however many duplicates
    there are, and one added later moves no more than its group.
    """
    joined = []
    for number, group in enumerate(groups, 1):
        drawn = {path: subsets[path] for path in group if path.startswith("train/")}
        _, chosen = min(((ranks[path], subset) for path, subset in drawn.items()), default=(None, ""))
        joined += [JoinedRow(path, subset, chosen, number) for path, subset in drawn.items() if subset != chosen]
    return joined


def find_leaks(labels: Mapping[str, int], subsets: Mapping[str, str], pairs: Sequence[PairRow]) -> Iterator[LeakRow]:
    """Yields every test picture with a duplicate that trains or validates, in the order of the split."""
    first = {pair.duplicate: pair.path for pair in pairs if pair.kind == "exact"}
    nearest = _nearest_trained(subsets, pairs)
    for path, subset in subsets.items():
        found = nearest.get(first.get(path, path))
        if subset == "test" and found:
            distance, found_subset, duplicate, kind = found
            same_label = "yes" if labels[path] == labels[duplicate] else "no"
            yield LeakRow(path, duplicate, found_subset, same_label, kind, distance)


def _nearest_trained(subsets: Mapping[str, str], pairs: Sequence[PairRow]) -> dict[str, tuple[float, str, str, str]]:
    """Returns the nearest duplicate outside the test of each picture that is the first of its pixels.

    The picture itself and its copies are among the candidates.
    """
    copies: defaultdict[str, list[str]] = defaultdict(list)
    near: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for path, duplicate, kind, distance in pairs:
        if kind == "exact":
            copies[path].append(duplicate)
        else:
            near[path].append((duplicate, distance))
            near[duplicate].append((path, distance))
    nearest = {}
    for path in copies.keys() | near.keys():
        exact = [(0.0, subsets[copy], copy, "exact") for copy in (path, *copies.get(path, ()))]
        others = [
            (distance, subsets[copy], copy, "near")
            for duplicate, distance in near.get(path, ())
            for copy in (duplicate, *copies.get(duplicate, ()))
        ]
        trained = [candidate for candidate in exact + others if candidate[1] != "test"]
        if trained:
            nearest[path] = min(trained)  # of those at one distance, one that trains comes before one that validates
    return nearest
