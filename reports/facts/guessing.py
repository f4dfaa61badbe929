"""A run held against one that names every picture as the most frequent class. Reads and writes no file."""

from collections.abc import Mapping, Sequence
from typing import Any

from reports.facts.class_scores import ClassScore
from reports.words import percent


def guessing_in_words(metrics: Mapping[str, Any], classes: Sequence[ClassScore]) -> str:
    """Returns a sentence if the accuracy's interval reaches down to that of guessing; nothing if the run is better."""
    total, frequent = sum(one.count for one in classes), max(classes, key=lambda one: one.count)
    if len(classes) < 2 or metrics["accuracy_low"] > frequent.count / total:
        return ""
    begins = "No better" if metrics["accuracy"] <= frequent.count / total else "Perhaps no better"
    low, high = percent(metrics["accuracy_low"]), percent(metrics["accuracy_high"])
    return (
        f"{begins} than guessing: whoever names every test picture {frequent.name} is right on "
        f"{percent(frequent.count / total)} of them, and this run on {percent(metrics['accuracy'])} "
        f"(95% interval {low} to {high})."
    )
