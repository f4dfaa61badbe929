"""Measures a trained model on the test pictures.

Reads model.keras with classes.csv, the pack, training.json and leaks.csv (the test pictures with a duplicate outside
the test). Writes metrics.json, calibration.csv, and the tables of class_tables.py and picture_tables.py: the same bytes
for the same model and pictures. All of it is in the classes that the model predicts.
"""

import json
from pathlib import Path

import numpy as np

from datasets.errors import UserError
from datasets.pack import read_subset
from datasets.progress import progress
from datasets.tables import read_leaks, read_split, write_rows
from models.evaluation import calibration, scores
from models.evaluation.class_tables import write_class_tables
from models.evaluation.picture_tables import write_mistakes, write_predictions
from models.evaluation.prediction import VIEWS, Predictor
from models.evaluation.run_classes import read_run_classes

TOP = 5


def evaluate(
    model_path: Path, pack_dir: Path, training_json: Path, leaks_csv: Path, folder: Path, tta: str = "none"
) -> None:
    """Writes metrics.json and every table into `folder`."""
    paths = [row.path for row in read_split(pack_dir / "pictures.csv") if row.subset == "test"]
    if not paths:
        raise UserError(f"{pack_dir} has no test pictures to measure on: set a test_fraction, or add some.")
    run_classes, (pixels, dataset_labels) = read_run_classes(model_path.parent), read_subset(pack_dir, "test")
    classes, labels = run_classes.predicted, run_classes.predicted_label[dataset_labels]
    predictor = Predictor(model_path)
    probabilities = _predict(predictor, pixels, "none")
    averaged = None if tta == "none" else _predict(predictor, pixels, tta)
    predicted = probabilities.argmax(axis=1)
    confusion = scores.count_confusion(labels, predicted, len(classes))
    bins = calibration.bin_probabilities(probabilities.max(axis=1), predicted == labels)
    training = json.loads(training_json.read_text(encoding="utf-8"))
    metrics = {
        **_metrics(probabilities, labels, confusion),
        **_metrics_without_duplicates(_is_leaked(paths, leaks_csv), predicted == labels),
        "calibration_error": calibration.calibration_error(bins),
        **({} if averaged is None else {"accuracy_tta": float((averaged.argmax(axis=1) == labels).mean())}),
        **{name: training[name] for name in ("train_seconds", "epochs", "seed")},
    }
    write_predictions(folder / "predictions.csv", paths, labels, probabilities, classes, averaged)
    write_rows(folder / "calibration.csv", calibration.HEADER, bins)
    write_mistakes(folder, paths, labels, probabilities, classes)
    write_class_tables(folder, classes, confusion)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")


def _predict(predictor: Predictor, pixels: np.ndarray, tta: str) -> np.ndarray:
    """Returns the probabilities of every picture, and shows how far it is."""
    batches = []
    with progress("judging" if tta == "none" else f"judging by {len(VIEWS[tta])} views", len(pixels)) as advance:
        for batch in predictor.predict_in_batches(pixels, tta):
            batches.append(batch)
            advance(len(batch))
    return np.concatenate(batches)


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


def _is_leaked(paths: list[str], leaks_csv: Path) -> np.ndarray:
    """Returns whether each test picture has a duplicate in training or validation."""
    leaked = {leak.path for leak in read_leaks(leaks_csv)}
    return np.array([path in leaked for path in paths])


def _metrics_without_duplicates(leaked: np.ndarray, is_right: np.ndarray) -> dict[str, float | None]:
    """Returns the accuracy on the pictures that are not leaked, None if all are."""
    right, total = int(is_right[~leaked].sum()), int((~leaked).sum())
    low, high = scores.wilson_interval(right, total) if total else (None, None)
    return {
        "accuracy_without_duplicates": right / total if total else None,
        "accuracy_without_duplicates_low": low,
        "accuracy_without_duplicates_high": high,
        "test_count_without_duplicates": total,
        "duplicate_count": int(leaked.sum()),
    }
