"""What is said of each test picture, as tables.

Writes predictions.csv (in the order of the pack), mistakes.csv (what is named wrong, the most confident first) and
doubtful.csv (what is named right, the least sure first): a row a picture.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from datasets.tables import write_rows
from models.evaluation import scores

PREDICTED_BY_VIEWS = "predicted_tta"  # the last column of predictions.csv, where the recipe averages views
MISTAKES = ("path", "true", "predicted", "true_probability", "predicted_probability")
DOUBTFUL = ("path", "true", "runner_up", "true_probability", "runner_up_probability")


def write_predictions(
    target: Path,
    paths: Sequence[str],
    labels: np.ndarray,
    probabilities: np.ndarray,
    classes: Sequence[str],
    averaged: np.ndarray | None,
) -> None:
    """As text, a float32 has just the digits that tell it from its neighbours."""
    columns = {
        "path": paths,
        "label": labels.tolist(),
        "predicted": probabilities.argmax(axis=1).tolist(),
        **{f"p_{name}": shares for name, shares in zip(classes, probabilities.T.astype(str).tolist(), strict=True)},
        "loss": scores.losses_of(probabilities, labels).tolist(),
    }
    if averaged is not None:
        columns[PREDICTED_BY_VIEWS] = averaged.argmax(axis=1).tolist()
    write_rows(target, list(columns), zip(*columns.values(), strict=True))


def write_mistakes(
    folder: Path, paths: Sequence[str], labels: np.ndarray, probabilities: np.ndarray, classes: Sequence[str]
) -> None:
    """Both tables name the true class and the strongest of the others."""
    places = np.arange(len(labels))
    others = probabilities.copy()
    others[places, labels] = -1
    rivals = others.argmax(axis=1)
    of_label, of_rival = probabilities[places, labels], probabilities[places, rivals]
    is_right = probabilities.argmax(axis=1) == labels

    def rows(chosen: np.ndarray) -> Iterator[tuple[str, str, str, str, str]]:
        for place in chosen.tolist():
            true, rival = classes[labels[place]], classes[rivals[place]]
            yield paths[place], true, rival, str(of_label[place]), str(of_rival[place])

    wrong, right = np.flatnonzero(~is_right), np.flatnonzero(is_right)
    write_rows(folder / "mistakes.csv", MISTAKES, rows(wrong[np.argsort(-of_rival[wrong], kind="stable")]))
    write_rows(folder / "doubtful.csv", DOUBTFUL, rows(right[np.argsort(of_label[right], kind="stable")]))
