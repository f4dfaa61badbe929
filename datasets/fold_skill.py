"""The skill of an audit's folds: how often they name pictures right that they did not learn, beside chance.

Models that hardly know the classes disagree with right labels as often as with wrong ones: their doubt says nothing.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

LEAST_SKILL = 0.5
"""The least part of the way from chance to no mistake; below it a list of suspects is mostly wrong (see the docs)."""

_AUDIT_JSON = "audit.json"


@dataclass(frozen=True)
class FoldSkill:
    """The accuracy on pictures held out, that of naming always the largest class, and the number of suspects."""

    accuracy: float
    chance: float
    suspect_count: int
    unjudged_count: int  # test pictures of which every fold learnt a duplicate

    @property
    def is_enough(self) -> bool:
        """Tells whether the folds know the classes well enough to doubt a label."""
        return is_enough(self.accuracy, self.chance)


def is_enough(accuracy: float, chance: float) -> bool:
    """Returns whether models of this accuracy know the classes well enough to doubt a label."""
    return accuracy - chance >= LEAST_SKILL * (1 - chance) and accuracy > chance


def write_skill(skill: FoldSkill, folder: Path) -> None:
    """Writes audit.json."""
    (folder / _AUDIT_JSON).write_text(json.dumps(asdict(skill), indent=2) + "\n", encoding="utf-8")


def read_skill(folder: Path) -> FoldSkill | None:
    """Returns what audit.json says; None where an older version did not write it."""
    file = folder / _AUDIT_JSON
    return FoldSkill(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None
