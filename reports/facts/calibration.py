"""The calibration of a run: how far to trust its probabilities. Reads calibration.csv and metrics.json.

Two rules make the sentence. The mean probability of the predicted classes is compared with the accuracy: within the
accuracy's 95 % interval the two agree, above it the run is too sure, below it not sure enough. In the last two cases
an example follows: of the bins whose accuracy lies outside the bin, the one with the largest product of pictures and
gap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from reports.table_values import read_json, read_records


@dataclass(frozen=True)
class ProbabilityBin:
    """The pictures whose predicted class has a probability between two bounds."""

    low: float
    high: float
    count: int
    mean_probability: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float


@dataclass(frozen=True)
class Calibration:
    """The bins that hold pictures, and the accuracy of all of them."""

    bins: tuple[ProbabilityBin, ...]
    error: float  # the expected calibration error
    accuracy: float
    accuracy_low: float
    accuracy_high: float

    @property
    def mean_probability(self) -> float:
        """The mean probability of the predicted classes."""
        return sum(one.count * one.mean_probability for one in self.bins) / sum(one.count for one in self.bins)

    @property
    def sentence(self) -> str:
        """The verdict on the probabilities, by the two rules."""
        sure = self.mean_probability
        if not math.isfinite(sure):
            return "Its probabilities are not numbers, so nothing can be said about them."
        numbers = f"on average it is {sure:.0%} sure of its answer, and {self.accuracy:.0%} of its answers are right"
        numbers += f" (95% interval {self.accuracy_low:.0%} to {self.accuracy_high:.0%})."
        if sure > self.accuracy_high:
            worse = [one for one in self.bins if one.accuracy < one.low]
            return f"It is too sure of itself: {numbers}{_example(worse)}"
        if sure < self.accuracy_low:
            better = [one for one in self.bins if one.accuracy > one.high]
            return f"It is not sure enough of itself: {numbers}{_example(better)}"
        return f"Overall its probabilities agree with its accuracy: {numbers}"


def _example(bins: list[ProbabilityBin]) -> str:
    """Returns a sentence on the bin that weighs most."""
    if not bins:
        return ""
    one = max(bins, key=lambda one: one.count * abs(one.mean_probability - one.accuracy))
    sure = f"{one.low:.0%} to {one.high:.0%} sure"
    return f" For example, it is {sure} of {one.count:,} pictures, and names {one.accuracy:.0%} of these right."


def read_calibration(evaluate_dir: Path) -> Calibration:
    """Returns the bins of a run that hold pictures, with its accuracy and calibration error."""
    metrics = read_json(evaluate_dir / "metrics.json")
    bins = tuple(
        ProbabilityBin(float(low), float(high), int(count), *map(float, measured))
        for low, high, count, *measured in (row.values() for row in read_records(evaluate_dir / "calibration.csv"))
        if int(count)
    )
    error, *accuracy = (metrics[name] for name in ("calibration_error", "accuracy", "accuracy_low", "accuracy_high"))
    return Calibration(bins, error, *accuracy)
