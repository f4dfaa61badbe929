"""Tabulates what a model predicts for each test picture.

Writes predictions.csv (all, in the order of the pack), mistakes.csv (those named wrongly, the most confident first) and
doubtful.csv (those named rightly, the least sure first), with a row for each picture.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from datasets.tables import write_rows
from models.evaluation import scores

PREDICTED_BY_VIEWS = "predicted_tta"  # the last column of predictions.csv, where the recipe averages views
ROWS_AT_ONCE = 64
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
    header = ["path", "label", "predicted", *(f"p_{name}" for name in classes), "loss"]
    last = [scores.losses_of(probabilities, labels)]
    if averaged is not None:
        header.append(PREDICTED_BY_VIEWS)
        last.append(averaged.argmax(axis=1))
    first = (paths, labels.tolist(), probabilities.argmax(axis=1).tolist())
    rows = zip(*first, _as_text(probabilities), *(column.tolist() for column in last), strict=True)
    needs_quotes = any("\r" in text for text in (*paths, *classes))  # as in write_rows, which holds the whole table
    with target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_ALL if needs_quotes else csv.QUOTE_MINIMAL)
        writer.writerow(header)
        writer.writerows([path, label, named, *shares, *rest] for path, label, named, shares, *rest in rows)


def _as_text(probabilities: np.ndarray) -> Iterator[list[str]]:
    """Yields the probabilities of each picture as text, a few pictures at once: text takes 30 times the memory."""
    for start in range(0, len(probabilities), ROWS_AT_ONCE):
        yield from probabilities[start : start + ROWS_AT_ONCE].astype(str).tolist()


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
