"""Says how two runs compare, as lines for the terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from models.evaluation.comparison import SIGNIFICANT, PairedComparison
from models.evaluation.seed_comparison import compare_accuracies
from reports.spread import spread_of
from reports.words import percent, printable

SHOWN = 10


class Side(NamedTuple):
    """A run to compare: its evaluation, what it was made by, the command that repeats it where it is stale.

    `of_seeds` holds the accuracy of each seed, where there are several.
    """

    name: str
    evaluate_dir: Path
    made_by: str = ""
    rerun: str = ""
    of_seeds: Sequence[float] = ()


def comparison_in_words(first: Side, second: Side, comparison: PairedComparison) -> Iterator[str]:
    """Yields the accuracies, their difference, and whether it is more than chance."""
    a, b, wide = first.name, second.name, max(len(first.name), len(second.name))
    yield f"{a} against {b} on {comparison.picture_count:,} test pictures"
    for side in (first, second):
        yield f"  run        {side.name:<{wide}}  {printable(str(side.evaluate_dir))}  {side.made_by}".rstrip()
        if side.rerun:
            yield f"  stale      {side.name} is of older pictures, settings or code; {side.rerun} evaluates it again"
    if comparison.left_out:
        yield f"  left out   {comparison.left_out:,} that the two did not judge under the same label, edited in between"
    for side, (accuracy, low, high) in zip((first, second), comparison.accuracies, strict=True):
        interval = f"95 % interval {percent(low)} to {percent(high)}"
        yield f"  accuracy   {side.name:<{wide}}  {percent(accuracy)}  ({interval})"
    low, high = comparison.interval
    points = f"{100 * comparison.difference:+.1f} points (paired 95 % interval {100 * low:+.1f} to {100 * high:+.1f})"
    yield f"  difference {a} minus {b}: {points}"
    yield f"  differ on  {comparison.only_first:,} right with {a} only, {comparison.only_second:,} with {b} only"
    yield f"  verdict    {_verdict(first, second, comparison)}"
    if min(len(first.of_seeds), len(second.of_seeds)) > 1:
        yield f"  seeds      {_seeds(first)}, {_seeds(second)}: {_of_seeds(first, second)}"


def flips_in_words(first: Side, second: Side, comparison: PairedComparison) -> Iterator[str]:
    """Yields for each run the first pictures that only this run names right."""
    for side, other, of_side in ((first, second, True), (second, first, False)):
        flips = [flip for flip in comparison.flips if flip.right_in_first == of_side]
        if flips:
            yield f"  right with {side.name} only"
        for flip in flips[:SHOWN]:
            yield f"    {printable(flip.path)}  {flip.true}; {other.name} says {flip.wrong}"
        if len(flips) > SHOWN:
            yield f"    and {len(flips) - SHOWN:,} more"


def _verdict(first: Side, second: Side, comparison: PairedComparison) -> str:
    chance = f"McNemar's test: p = {comparison.p_value:.2g}"
    if comparison.p_value >= SIGNIFICANT:
        return f"these pictures do not show which is better ({chance})"
    better, worse = (first, second) if comparison.difference > 0 else (second, first)
    return f"the model of {better.name} beats that of {worse.name} ({chance})"


def _seeds(side: Side) -> str:
    spread = spread_of(side.of_seeds)
    return f"{side.name} {percent(spread.mean)} ± {100 * spread.deviation:.1f} over {len(side.of_seeds)}"


def _of_seeds(first: Side, second: Side) -> str:
    difference = compare_accuracies(second.of_seeds, first.of_seeds)
    interval = f"95 % interval {100 * difference.low:+.1f} to {100 * difference.high:+.1f} points"
    if not difference.is_more_than_chance:
        return f"the difference could be chance ({interval})"
    return f"{(first if difference.value > 0 else second).name} is better ({interval})"
