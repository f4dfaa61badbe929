"""The groups of pictures that show the same: those of the same pixels, and those that a chain of likeness connects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from datasets.tables import DuplicateRow, PairRow

MOST_TOGETHER = 100
"""Different pictures in one group; a longer chain, such as the frames of a film, is cut at its weakest links."""

Likeness = tuple[bytes, bytes, float]  # the hashes of two pictures' pixels, and their distance


class HashedPicture(NamedTuple):
    """A picture in the folders, and the hash of its pixels."""

    path: str
    subset: str
    class_name: str
    pixels: bytes


def group_pictures(
    pictures: Iterable[HashedPicture], alike: Iterable[Likeness]
) -> tuple[list[DuplicateRow], list[PairRow]]:
    """Returns every picture that has a duplicate, sorted by group and path, and the pairs.

    Groups are numbered in the order of their first paths.
    """
    same: defaultdict[bytes, list[HashedPicture]] = defaultdict(list)
    for picture in sorted(pictures):
        same[picture.pixels].append(picture)
    links = sorted((distance, min(ends), max(ends)) for *ends, distance in alike if same.keys() >= {*ends})
    groups = _link(same, links)
    nearest: dict[bytes, float] = {}
    for distance, one, other in links:
        if groups[one] == groups[other]:
            nearest.setdefault(one, distance)  # links are sorted by distance
            nearest.setdefault(other, distance)
    numbers: dict[bytes, int] = {}
    members = []
    for path, subset, class_name, pixels in sorted(picture for copies in same.values() for picture in copies):
        if len(same[pixels]) > 1 or pixels in nearest:
            number = numbers.setdefault(groups[pixels], len(numbers) + 1)
            kind, distance = ("exact", 0.0) if len(same[pixels]) > 1 else ("near", nearest[pixels])
            members.append(DuplicateRow(number, path, subset, class_name, kind, distance))
    return sorted(members), _pairs(same, links)


def _link(hashes: Iterable[bytes], links: Iterable[tuple[float, bytes, bytes]]) -> dict[bytes, bytes]:
    """Returns the group of each picture, named by one of its members; the nearest are joined first."""
    clusters = {pixels: [pixels] for pixels in hashes}
    for _, one, other in links:
        mine, theirs = clusters[one], clusters[other]
        if mine is not theirs and len(mine) + len(theirs) <= MOST_TOGETHER:
            mine += theirs
            clusters |= dict.fromkeys(theirs, mine)
    return {pixels: cluster[0] for pixels, cluster in clusters.items()}


def _pairs(same: Mapping[bytes, Sequence[HashedPicture]], links: Iterable[tuple[float, bytes, bytes]]) -> list[PairRow]:
    pairs = [PairRow(first.path, copy.path, "exact", 0.0) for first, *others in same.values() for copy in others]
    for distance, one, other in links:
        path, duplicate = sorted((same[one][0].path, same[other][0].path))
        pairs.append(PairRow(path, duplicate, "near", distance))
    return sorted(pairs)
