"""Groups of pictures that show the same: those of the same pixels, and those that chains of likeness hold together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

MOST_TOGETHER = 100
"""Different pictures in one group; of a longer chain, as the frames of a film make one, the weakest links are cut."""

Likeness = tuple[bytes, bytes, float]  # the hashes of two pictures' pixels, and their distance


class Listed(NamedTuple):
    """A picture in the folders, and the hash of its pixels."""

    path: str
    subset: str
    class_name: str
    pixels: bytes


class Member(NamedTuple):
    """A row of duplicates.csv; the distance is that to the nearest other member of the group."""

    group: int
    path: str
    subset: str
    class_name: str
    kind: str
    distance: float


class Pair(NamedTuple):
    """A row of pairs.csv: copies with the first picture of the same pixels, and first pictures that are near."""

    path: str
    twin: str
    kind: str
    distance: float


def group_pictures(pictures: Iterable[Listed], alike: Iterable[Likeness]) -> tuple[list[Member], list[Pair]]:
    """Every picture that has a twin, by group (numbered in the order of their first paths) and path; and the pairs."""
    same: defaultdict[bytes, list[Listed]] = defaultdict(list)
    for picture in sorted(pictures):
        same[picture.pixels].append(picture)
    links = sorted((distance, min(ends), max(ends)) for *ends, distance in alike if same.keys() >= {*ends})
    groups = _link(same, links)
    nearest: dict[bytes, float] = {}
    for distance, one, other in links:
        if groups[one] == groups[other]:
            nearest.setdefault(one, distance)  # links come by distance
            nearest.setdefault(other, distance)
    numbers: dict[bytes, int] = {}
    members = []
    for path, subset, class_name, pixels in sorted(picture for copies in same.values() for picture in copies):
        if len(same[pixels]) > 1 or pixels in nearest:
            number = numbers.setdefault(groups[pixels], len(numbers) + 1)
            kind, distance = ("exact", 0.0) if len(same[pixels]) > 1 else ("near", nearest[pixels])
            members.append(Member(number, path, subset, class_name, kind, distance))
    return sorted(members), _pairs(same, links)


def _link(hashes: Iterable[bytes], links: Iterable[tuple[float, bytes, bytes]]) -> dict[bytes, bytes]:
    """The group of each, named by one of its members; the nearest come together first."""
    clusters = {pixels: [pixels] for pixels in hashes}
    for _, one, other in links:
        mine, theirs = clusters[one], clusters[other]
        if mine is not theirs and len(mine) + len(theirs) <= MOST_TOGETHER:
            mine += theirs
            clusters |= dict.fromkeys(theirs, mine)
    return {pixels: cluster[0] for pixels, cluster in clusters.items()}


def _pairs(same: Mapping[bytes, Sequence[Listed]], links: Iterable[tuple[float, bytes, bytes]]) -> list[Pair]:
    pairs = [Pair(first.path, copy.path, "exact", 0.0) for first, *others in same.values() for copy in others]
    for distance, one, other in links:
        path, twin = sorted((same[one][0].path, same[other][0].path))
        pairs.append(Pair(path, twin, "near", distance))
    return sorted(pairs)
