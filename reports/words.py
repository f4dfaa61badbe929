"""The words for numbers and edits, which a person reads at a glance."""

from collections import Counter
from collections.abc import Iterable, Mapping

EDIT_KINDS = ("moved", "deleted", "added", "repainted")
LISTED_CHANGES = 5


def percent(share: float) -> str:
    """Returns a share as `12.3%`."""
    return f"{share:.1%}"


def counted(number: int, noun: str) -> str:
    """Returns a number with its noun, as `1,200 pictures`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """Returns seconds in the units a person would use, as `1 min 5 s`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def printable(name: str) -> str:
    """Returns the name of a file on one line, whatever it holds."""
    return name if name.isprintable() else repr(name)


def edits_sentence(edits: Iterable[Mapping[str, str]]) -> str:
    """Returns the rows of edits.csv as `3 moved: 2 cat to dog, 1 ship to bird; 1 deleted: frog`, or nothing."""
    changes: dict[str, Counter[str]] = {kind: Counter() for kind in EDIT_KINDS}
    for edit in edits:
        changes[edit["edit"]][_name_change(edit)] += 1
    return "; ".join(f"{counts.total()} {kind}: {_list_changes(counts)}" for kind, counts in changes.items() if counts)


def _name_change(edit: Mapping[str, str]) -> str:
    was, now = edit["was"], edit["now"]
    if edit["edit"] != "moved":
        return was or now
    return f"within {was}" if was == now else f"{was} to {now}"  # within: to another subset, or renamed


def _list_changes(counts: Counter[str]) -> str:
    if len(counts) == 1:
        return next(iter(counts))
    ranked = sorted(counts.items(), key=lambda change: (-change[1], change[0]))
    listed = [f"{count} {change}" for change, count in ranked[:LISTED_CHANGES]]
    if unlisted := sum(count for _, count in ranked[LISTED_CHANGES:]):
        listed.append(f"{unlisted} more")
    return ", ".join(listed)
