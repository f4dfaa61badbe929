"""Which test pictures are explained: the most confident wrong and right ones, spread over the classes.

Reads predictions.csv (path,label,predicted,p_CLASS…).
"""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

MOST_OF_A_ROLE = 6
WRONG, RIGHT = "wrong", "right"


class Predicted(NamedTuple):
    """A test picture, by its place among them, and what the model makes of it."""

    position: int
    path: str
    label: int
    predicted: int
    probabilities: Sequence[float]

    @property
    def role(self) -> str:
        return RIGHT if self.label == self.predicted else WRONG


class Look(NamedTuple):
    """A picture, and the class for which it is looked into."""

    picture: Predicted
    label: int


def read_predicted(predictions_csv: Path, classes: Sequence[str]) -> list[Predicted]:
    with predictions_csv.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        return [
            Predicted(
                position,
                row["path"],
                int(row["label"]),
                int(row["predicted"]),
                [float(row[f"p_{name}"]) for name in classes],
            )
            for position, row in enumerate(csv.DictReader(lines))
        ]


def looks_at(pictures: Sequence[Predicted]) -> list[Look]:
    """Into the surest wrong and right ones: each for what it was taken for, and a wrong one then for what it is."""
    chosen = [*most_confident(pictures, WRONG), *most_confident(pictures, RIGHT)]
    return [Look(picture, label) for picture in chosen for label in dict.fromkeys((picture.predicted, picture.label))]


def most_confident(pictures: Sequence[Predicted], role: str) -> list[Predicted]:
    """The surest of each class, then the next surest of each, until there are enough."""
    surest = sorted(
        (picture for picture in pictures if picture.role == role),
        key=lambda picture: -picture.probabilities[picture.predicted],
    )
    met: Counter[int] = Counter()
    ranked = []
    for picture in surest:
        ranked.append((met[picture.label], picture))
        met[picture.label] += 1
    ranked.sort(key=lambda rank_and_picture: rank_and_picture[0])  # stable: the surest of a rank stay first
    return [picture for _, picture in ranked[:MOST_OF_A_ROLE]]


def first_right(pictures: Sequence[Predicted]) -> Predicted:
    """The first that is named rightly; where none is, the first."""
    return next((picture for picture in pictures if picture.role == RIGHT), pictures[0])
