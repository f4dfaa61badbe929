"""The near-duplicates that count, and those that do not: by hand, or as far as the set allows.

Pictures that are alike by chance are no duplicates. And where many have a near-duplicate, these may be the frames of a
film or pictures of one kind: which of the two, only a person knows. Until that person says so they join nothing.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from datasets.duplicates.chance import PICTURES_DRAWN, least_likeness
from datasets.duplicates.fingerprints import Fingerprints
from datasets.duplicates.groups import Likeness
from datasets.duplicates.likeness import LEAST_LIKENESS
from datasets.duplicates.near_facts import NearFacts, are_many


class Counted(NamedTuple):
    """The pairs that count as near-duplicates, the other pairs that are alike, and the facts about both."""

    near: list[Likeness]
    others: list[Likeness]
    facts: NearFacts


def count_near(setting: str, known: Fingerprints, contents: Sequence[str]) -> Counted:
    """Returns which pairs of alike pictures count, among pictures of these contents."""
    pixels = [known.hashes[sha256] for sha256 in contents]
    present = set(pixels)
    alike = [pair for pair in known.pairs() if present >= {pair[0], pair[1]}]
    if setting in ("exact", "none") or not alike:
        return Counted([], [], NearFacts(setting, len(pixels), least_likeness=LEAST_LIKENESS))
    alike_count = _count_pictures(alike, pixels)
    if setting == "near":
        return Counted(alike, [], NearFacts(setting, len(pixels), alike_count, alike_count, LEAST_LIKENESS))
    least = least_likeness(known.drawn(present, PICTURES_DRAWN), len(present))
    near = [pair for pair in alike if pair[2] <= round(1 - least, 4)]
    near_count = _count_pictures(near, pixels)
    facts = NearFacts(setting, len(pixels), alike_count, near_count, least, not are_many(near_count, len(pixels)))
    counted = set(near if facts.are_joined else [])
    return Counted(sorted(counted), [pair for pair in alike if pair not in counted], facts)


def _count_pictures(pairs: Iterable[Likeness], pixels: Iterable[bytes]) -> int:
    ends = {end for one, other, _ in pairs for end in (one, other)}
    return sum(one in ends for one in pixels)
