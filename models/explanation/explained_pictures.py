"""Chooses the test pictures to explain: the most confident wrong and right ones, spread over the classes.

Reads predictions.csv (path,label,predicted,p_CLASS…).
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

MOST_OF_A_ROLE = 6
WRONG, RIGHT = "wrong", "right"


class Predicted(NamedTuple):
    """A test picture, by its position among them, and what the model predicts for it."""

    position: int
    path: str
    label: int
    predicted: int
    probabilities: Mapping[int, float]  # of its label and of the predicted one

    @property
    def role(self) -> str:
        """The role under which it is explained: `right` or `wrong`."""
        return RIGHT if self.label == self.predicted else WRONG


class ExplainedClass(NamedTuple):
    """A picture, and the class that is explained for it."""

    picture: Predicted
    label: int


def read_predicted(predictions_csv: Path) -> list[Predicted]:
    """Returns the rows of predictions.csv."""
    with predictions_csv.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        rows = csv.reader(lines)
        next(rows)
        return [_read_row(position, *row) for position, row in enumerate(rows)]


def _read_row(position: int, path: str, label: str, predicted: str, *shares: str) -> Predicted:
    labels = int(label), int(predicted)
    return Predicted(position, path, *labels, {each: float(shares[each]) for each in labels})


def choose_explained(pictures: Sequence[Predicted]) -> list[ExplainedClass]:
    """Returns the surest wrong and right pictures with their predicted class, the wrong ones also with the true one."""
    chosen = [*most_confident(pictures, WRONG), *most_confident(pictures, RIGHT)]
    return [
        ExplainedClass(picture, label)
        for picture in chosen
        for label in dict.fromkeys((picture.predicted, picture.label))
    ]


def most_confident(pictures: Sequence[Predicted], role: str) -> list[Predicted]:
    """Returns the most confident picture of each class, then the next of each, until there are enough."""
    most_confident_first = sorted(
        (picture for picture in pictures if picture.role == role),
        key=lambda picture: -picture.probabilities[picture.predicted],
    )
    met: Counter[int] = Counter()
    ranked = []
    for picture in most_confident_first:
        ranked.append((met[picture.label], picture))
        met[picture.label] += 1
    ranked.sort(key=lambda rank_and_picture: rank_and_picture[0])  # stable: the most confident of a rank stay first
    return [picture for _, picture in ranked[:MOST_OF_A_ROLE]]


def first_right(pictures: Sequence[Predicted]) -> Predicted:
    """Returns the first picture that is named rightly, or the first of all if none is."""
    return next((picture for picture in pictures if picture.role == RIGHT), pictures[0])
