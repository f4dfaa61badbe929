"""The range of a measure: its interval, or its spread over several seeds. Reads and writes no file."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

MEASURES = ("accuracy", "accuracy_tta", "loss", "f1_macro", "train_seconds")


class Estimate(NamedTuple):
    """A measure and the ends of its interval."""

    value: float
    low: float
    high: float


class Spread(NamedTuple):
    """A measure over all seeds."""

    mean: float
    deviation: float  # the standard deviation of a sample
    lowest: float
    highest: float


def spread_of(values: Sequence[float]) -> Spread:
    """Returns the spread of two values or more."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return Spread(mean, math.sqrt(variance), min(values), max(values))


def spreads(metrics: Sequence[Mapping[str, Any]]) -> dict[str, Spread]:
    """Returns the spread of each measure over the metrics of every seed, and nothing for a single seed."""
    measured = [name for name in MEASURES if name in metrics[0]] if len(metrics) > 1 else []
    return {name: spread_of([of_seed[name] for of_seed in metrics]) for name in measured}
