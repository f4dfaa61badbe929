"""Places names beside the points of a plot so that none covers another. Lengths are in points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on the plot, given by its lower left corner and its size."""

    left: float
    bottom: float
    width: float
    height: float

    def overlap(self, other: Box) -> float:
        """Returns the area that both boxes cover."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        up = min(self.bottom + self.height, other.bottom + other.height) - max(self.bottom, other.bottom)
        return max(across, 0.0) * max(up, 0.0)


def push_apart(heights: Sequence[float], least: float) -> list[float]:
    """Returns heights near the given ones, in their order, that are at least this far apart."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    groups: list[list[int]] = []  # groups of neighbours that touch, each spread evenly about its middle

    def ends(group: list[int]) -> tuple[float, float]:
        middle, reach = sum(heights[place] for place in group) / len(group), least * (len(group) - 1) / 2
        return middle - reach, middle + reach

    for place in order:
        groups.append([place])
        while len(groups) > 1 and ends(groups[-1])[0] - ends(groups[-2])[1] < least:
            groups[-2:] = [groups[-2] + groups[-1]]
    apart = {place: ends(group)[0] + least * rank for group in groups for rank, place in enumerate(group)}
    return [apart[place] for place in range(len(heights))]


def place_names(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    taken: Iterable[Box],
    room: Box,
    gap: float,
) -> list[Box]:
    """Returns a place for each name: near its point, clear of other names and taken places, and within the room."""
    blocked = list(taken)
    placed = []
    for point, size in zip(points, sizes, strict=True):
        hidden = [
            (sum(map(box.overlap, blocked)) + size[0] * size[1] - room.overlap(box), box)
            for box in _around(point, size, room, gap)
        ]
        _, best = min(hidden, key=lambda found: round(found[0], 3))
        blocked.append(best)
        placed.append(best)
    return placed


def _around(point: tuple[float, float], size: tuple[float, float], room: Box, gap: float) -> Iterator[Box]:
    """Yields places beside the point, on the right first, then further up and down; `min` takes the first of equals."""
    (x, y), (width, height) = point, size
    for line in range(int(room.height / height)):
        for up in (line, -line) if line else (0,):
            for left in (x + gap, x - gap - width):
                yield Box(left, y - height / 2 + up * height, width, height)
