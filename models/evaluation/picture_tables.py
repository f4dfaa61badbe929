"""Tabulates what a model predicts for each test picture.

Writes predictions.csv (all, in the order of the pack), mistakes.csv (those named wrongly, the most confident first) and
doubtful.csv (those named rightly, the least sure first), with a row for each picture.
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
    """Writes predictions.csv, each float32 with as many digits as it takes to tell it from its neighbours."""
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
    """Writes mistakes.csv and doubtful.csv, with the true class and the most probable of the others."""
    positions = np.arange(len(labels))
    others = probabilities.copy()
    others[positions, labels] = -1
    rivals = others.argmax(axis=1)
    of_label, of_rival = probabilities[positions, labels], probabilities[positions, rivals]
    is_right = probabilities.argmax(axis=1) == labels

    def rows(chosen: np.ndarray) -> Iterator[tuple[str, str, str, str, str]]:
        for position in chosen.tolist():
            true, rival = classes[labels[position]], classes[rivals[position]]
            yield paths[position], true, rival, str(of_label[position]), str(of_rival[position])

    wrong, right = np.flatnonzero(~is_right), np.flatnonzero(is_right)
    write_rows(folder / "mistakes.csv", MISTAKES, rows(wrong[np.argsort(-of_rival[wrong], kind="stable")]))
    write_rows(folder / "doubtful.csv", DOUBTFUL, rows(right[np.argsort(of_label[right], kind="stable")]))
