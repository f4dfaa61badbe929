"""What a recipe achieves over several seeds: mean, standard deviation, lowest and highest. Reads and writes no file."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

MEASURES = ("accuracy", "accuracy_tta", "loss", "f1_macro", "train_seconds")


class Spread(NamedTuple):
    """One measure over all seeds."""

    mean: float
    deviation: float  # that of a sample
    lowest: float
    highest: float


def spread_of(values: Sequence[float]) -> Spread:
    """Of two values or more."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return Spread(mean, math.sqrt(variance), min(values), max(values))


def spreads(metrics: Sequence[Mapping[str, Any]]) -> dict[str, Spread]:
    """Each measure that there is over the metrics of every seed; nothing where there is but one."""
    measured = [name for name in MEASURES if name in metrics[0]] if len(metrics) > 1 else []
    return {name: spread_of([of_seed[name] for of_seed in metrics]) for name in measured}
