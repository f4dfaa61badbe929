"""The split of classes with few pictures: each trains, validates and tests with one picture at least.

A class's share is rounded, and never to nothing while the class has a picture for each subset. Where edits or
duplicates then leave a class without a picture in a subset, one of its training pictures takes the place.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from datasets.errors import UserError

_NAMED_AT_MOST = 5
_USES = {"train": "trains", "val": "validates", "test": "tests"}
_JOINED_HINT = (
    ". Pictures that show the same are kept in one subset, which moved {} to another: larger shares may leave some "
    "where they are missing"
)


@dataclass(frozen=True)
class Fractions:
    """The share of the training pictures that validates, and that tests where the source has no test pictures."""

    val: float
    test: float

    def at_least_one(self, test_count: int, val_count: int, picture_count: int) -> tuple[int, int]:
        """Returns how many of a class's pictures test and validate: one at least where there is one for each subset."""
        if picture_count >= 1 + (self.test > 0) + (self.val > 0):
            test_count = min(max(test_count, self.test > 0), picture_count - 1 - (self.val > 0))
            val_count = min(max(val_count, self.val > 0), picture_count - 1 - test_count)
        return test_count, val_count

    def drawn(self) -> list[str]:
        """Returns the subsets that are drawn from the training pictures."""
        return [subset for subset, share in (("test", self.test), ("val", self.val)) if share]


def fill_subsets(
    subsets: Mapping[str, str],
    labels: Mapping[str, int],
    groups: Iterable[Sequence[str]],
    ranks: Mapping[str, tuple[bool, float]],
    wanted: Iterable[str],
) -> dict[str, str]:
    """Returns the pictures that go to a subset in which their class has none, each with that subset.

    It is the first training picture of the class by its rank that has no duplicate, as long as another one trains.
    """
    counts = Counter((subset, labels[path]) for path, subset in subsets.items())
    grouped = {path for group in groups for path in group}
    lacking = [(subset, label) for subset in wanted for label in set(labels.values()) if not counts[subset, label]]
    spare: dict[int, list[str]] = {label: [] for _, label in lacking}
    for path, label in labels.items() if lacking else ():
        if label in spare and subsets[path] == "train" and path not in grouped:
            spare[label].append(path)
    filled = {}
    for subset, label in lacking:
        if spare[label] and counts["train", label] > 1:
            path = min(spare[label], key=ranks.__getitem__)
            spare[label].remove(path)
            counts["train", label] -= 1
            filled[path] = subset
    return filled


def refuse_lacking_classes(
    subsets: Mapping[str, str],
    labels: Mapping[str, int],
    classes: Sequence[str],
    fractions: Fractions,
    joined_count: int,
) -> None:
    """Refuses a split in which a class lacks pictures; names each with its counts, and the settings that decide."""
    counts = Counter((subset, labels[path]) for path, subset in subsets.items())
    wanted = [subset for subset in _USES if subset != "val" or fractions.val]
    lacks = [
        f"  {name}: {_in_words([(subset, counts[subset, label]) for subset in _USES])}"
        for label, name in enumerate(classes)
        if not all(counts[subset, label] for subset in wanted)
    ]
    if not lacks:
        return
    more = [f"  and {len(lacks) - _NAMED_AT_MOST} classes more"] if len(lacks) > _NAMED_AT_MOST else []
    listed = "\n".join(lacks[:_NAMED_AT_MOST] + more)
    raise UserError(
        f"classes with too few pictures:\n{listed}\n"
        f"Each class needs one at least to train on{', one to validate on' if fractions.val else ''} and one to test "
        "on. Put pictures of each into its folders under images/, or leave the class out of `classes`. The "
        f"[dataset:NAME] section of luigi.cfg has both, and the shares: val_fraction is {fractions.val:g} (0 validates "
        f"on the test pictures), test_fraction is {fractions.test:g} (for a source without test pictures)"
        + (_JOINED_HINT.format(joined_count) if joined_count else "")
    )


def _in_words(counts: Iterable[tuple[str, int]]) -> str:
    counts = list(counts)
    total = sum(count for _, count in counts)
    parts = [f"{count or 'none'} {_verb(subset, count)}" for subset, count in counts]
    return f"{total} picture{'s' if total != 1 else ''}" + (f", of which {', '.join(parts)}" if total else "")


def _verb(subset: str, count: int) -> str:
    return _USES[subset] if count < 2 else _USES[subset].removesuffix("s")
