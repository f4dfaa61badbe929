"""The facts about a set's near-duplicates: how many pictures have one, what it takes to be one, whether they count."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

_MOST_SHARE, _MOST_OF_FEW = 0.05, 10

_FACTS_JSON = "near.json"


@dataclass(frozen=True)
class NearFacts:
    """The number of pictures with a near-duplicate, and what it takes to be one."""

    setting: str = "auto"
    picture_count: int = 0
    alike_count: int = 0  # pictures as alike another as near-duplicates of photos are
    near_count: int = 0  # pictures as alike another as the set demands
    least_likeness: float = 1.0
    are_joined: bool = True

    @property
    def are_many_alike(self) -> bool:
        """Tells whether more pictures are alike than copies among photos would be, and nobody said what they are."""
        return self.setting == "auto" and are_many(self.alike_count, self.picture_count)


def are_many(count: int, picture_count: int) -> bool:
    """Returns whether so many pictures have a near-duplicate that only a person knows what that means."""
    return count > max(_MOST_SHARE * picture_count, _MOST_OF_FEW)


def write_facts(facts: NearFacts, folder: Path) -> None:
    """Writes near.json."""
    (folder / _FACTS_JSON).write_text(json.dumps(asdict(facts), indent=2) + "\n", encoding="utf-8")


def read_facts(folder: Path) -> NearFacts:
    """Returns what near.json says; an older version did not write it."""
    file = folder / _FACTS_JSON
    return NearFacts(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else NearFacts()
