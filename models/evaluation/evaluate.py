"""Measures a trained model on the test pictures.

Reads model.keras with classes.csv, the pack, training.json and leaks.csv (the test pictures with a twin outside);
writes predictions.csv (a row a picture), metrics.json, per_class.csv and confusion.csv (rows true, columns predicted):
the same bytes for the same model and pictures. All of it is in the classes that the model predicts.
"""

import json
from pathlib import Path

import numpy as np

from datasets.errors import UserError
from datasets.packed import read_subset
from datasets.tables import read_rows, write_rows
from models.evaluation import scores
from models.evaluation.prediction import Predictor
from models.evaluation.run_classes import read_run_classes

TOP = 5
PREDICTED_BY_VIEWS = "predicted_tta"  # the last column of predictions.csv, where the recipe averages views


def evaluate(
    model_path: Path, pack_dir: Path, training_json: Path, leaks_csv: Path, folder: Path, tta: str = "none"
) -> None:
    """Write predictions.csv, metrics.json, per_class.csv and confusion.csv into `folder`."""
    paths = [path for path, _, subset in read_rows(pack_dir / "pictures.csv") if subset == "test"]
    if not paths:
        raise UserError(f"{pack_dir} has no test pictures to measure on: set a test_fraction, or add some.")
    run_classes, (pixels, own_labels) = read_run_classes(model_path.parent), read_subset(pack_dir, "test")
    classes, labels = run_classes.predicted, run_classes.predicted_label[own_labels]
    predictor = Predictor(model_path)
    probabilities = predictor.predict(pixels)
    averaged = None if tta == "none" else predictor.predict(pixels, tta)
    confusion = scores.count_confusion(labels, probabilities.argmax(axis=1), len(classes))
    training = json.loads(training_json.read_text(encoding="utf-8"))
    metrics = {
        **_metrics(probabilities, labels, confusion),
        **_metrics_without(_are_leaked(paths, leaks_csv), probabilities.argmax(axis=1) == labels),
        **({} if averaged is None else {"accuracy_tta": float((averaged.argmax(axis=1) == labels).mean())}),
        **{name: training[name] for name in ("train_seconds", "epochs", "seed")},
    }
    _write_predictions(folder / "predictions.csv", paths, labels, probabilities, classes, averaged)
    by_class = zip(classes, *(column.tolist() for column in scores.score_classes(confusion)), strict=True)
    write_rows(folder / "per_class.csv", ("class", "count", "precision", "recall", "f1"), by_class)
    counts = zip(classes, confusion.tolist(), strict=True)
    write_rows(folder / "confusion.csv", ("true", *classes), ([name, *row] for name, row in counts))
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")


def _metrics(probabilities: np.ndarray, labels: np.ndarray, confusion: np.ndarray) -> dict[str, float]:
    right, total = int(np.trace(confusion)), len(labels)
    accuracy_low, accuracy_high = scores.wilson_interval(right, total)
    f1_macro, f1_weighted = scores.average_f1(confusion)
    metrics = {
        "accuracy": right / total,
        "accuracy_low": accuracy_low,
        "accuracy_high": accuracy_high,
        "test_count": total,
        "loss": float(scores.losses_of(probabilities, labels).mean()),
        "f1_macro": f1_macro,
        "f1_weighted": f1_weighted,
    }
    if probabilities.shape[1] > TOP:
        metrics["top5_accuracy"] = scores.share_among_top(probabilities, labels, TOP)
    return metrics


def _are_leaked(paths: list[str], leaks_csv: Path) -> np.ndarray:
    leaked = {row[0] for row in read_rows(leaks_csv)}
    return np.array([path in leaked for path in paths])


def _metrics_without(leaked: np.ndarray, is_right: np.ndarray) -> dict[str, float | None]:
    """The accuracy on the pictures that have no such twin; None where all have one."""
    right, total = int(is_right[~leaked].sum()), int((~leaked).sum())
    low, high = scores.wilson_interval(right, total) if total else (None, None)
    return {
        "accuracy_without_twins": right / total if total else None,
        "accuracy_without_twins_low": low,
        "accuracy_without_twins_high": high,
        "test_count_without_twins": total,
        "twin_count": int(leaked.sum()),
    }


def _write_predictions(
    path: Path,
    paths: list[str],
    labels: np.ndarray,
    probabilities: np.ndarray,
    classes: list[str],
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
    write_rows(path, list(columns), zip(*columns.values(), strict=True))
