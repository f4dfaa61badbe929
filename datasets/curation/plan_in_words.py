"""A plan in words: first the counts, then a line for each move and for each picture that is left alone."""

from collections.abc import Sequence

from datasets.curation.change_journal import Move
from datasets.curation.changes import MovePlan
from datasets.folders import IMAGES

_LISTED_AT_MOST = 20
_KINDS = {"moved": "move", "taken out": "take out", "brought back": "bring back"}


def plan_in_words(verb: str, plan: MovePlan, done: bool) -> list[str]:
    """Returns the lines that say what a verb did, or would do: what it would do in full, for the user to judge."""
    moves = [_in_words(move) for move in plan.moves]
    lines = [_counted(verb, plan.moves, done), *(_listed(moves) if done else [f"  {move}" for move in moves])]
    if plan.already:
        lines.append(f"{_pictures(plan.already)} already as they should be")
    if plan.left_alone:
        lines += [f"{_pictures(len(plan.left_alone))} left alone:", *_listed(plan.left_alone)]
    return lines


def _counted(verb: str, moves: Sequence[Move], done: bool) -> str:
    kinds = [_kind(move) for move in moves]
    counts = {kind: kinds.count(kind) for kind in _KINDS if kind in kinds}
    if not counts:
        return f"nothing to {verb}"
    if done:
        return ", ".join(f"{_pictures(count)} {kind}" for kind, count in counts.items())
    return f"{verb} would " + ", ".join(f"{_KINDS[kind]} {_pictures(count)}" for kind, count in counts.items())


def _kind(move: Move) -> str:
    if not move.target.startswith(IMAGES):
        return "taken out"
    return "moved" if move.source.startswith(IMAGES) else "brought back"


def _in_words(move: Move) -> str:
    source, target = move.source.removeprefix(IMAGES), move.target.removeprefix(IMAGES)
    return f"{target} brought back" if _kind(move) == "brought back" else f"{source} -> {target}"


def _pictures(count: int) -> str:
    return f"{count} picture" + ("s" if count != 1 else "")


def _listed(lines: Sequence[str]) -> list[str]:
    more = [f"  and {len(lines) - _LISTED_AT_MOST} more"] if len(lines) > _LISTED_AT_MOST else []
    return [f"  {line}" for line in lines[:_LISTED_AT_MOST]] + more
