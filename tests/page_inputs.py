"""A report's inputs, written as small real files, and a page read back as HTML."""

import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
from explained_run import write_explanation
from PIL import Image

from datasets.tables import write_rows
from models.evaluation.calibration import HEADER as BINS
from models.evaluation.calibration import bin_probabilities
from models.evaluation.class_tables import write_class_tables
from models.evaluation.picture_tables import DOUBTFUL, MISTAKES
from reports.content import Page, Run, StageRecord
from reports.drawing.batch_sheet import draw_batch
from reports.drawing.confusion import draw_confusion
from reports.drawing.contact_sheets import draw_contact_sheets
from reports.drawing.curves import draw_curves
from reports.drawing.mean_pictures import draw_mean_pictures
from reports.drawing.reliability import draw_reliability
from reports.page import write_page
from reports.sections.all_runs import PLOTS
from reports.table_values import write_counts

TRAINED_PICTURES = 30
REJECTED = [["train/cat/notes.png", "not a picture", "images"], ["cats/notes.png", "not a picture", "source"]]


class ReadPage(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, *names: str) -> list[tuple[str, dict[str, str | None]]]:
        return [tag for tag in self.tags if tag[0] in names]


def write_table(target: Path, header: str, rows: Sequence[Sequence[object]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header.split(","), *rows])


def write_run(folder: Path, classes: list[str]) -> Run:
    train_dir, evaluate_dir, plots_dir = folder / "train", folder / "evaluate", folder / "plots"
    history = [[1, 1.2, 0.5, 1.3, 0.4, 1e-3], [2, 0.9, 0.7, 1.1, 0.6, 1e-3]]
    write_table(train_dir / "history.csv", "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate", history)
    training = {"train_seconds": 75.5, "epochs": 2, "best_epoch": 2, "seed": 0, "parameters": 54321, "threads": 2}
    training["precision"] = "mixed_bfloat16"
    (train_dir / "training.json").write_text(json.dumps(training))
    write_evaluation(evaluate_dir, classes)
    plots_dir.mkdir()
    draw_curves(train_dir / "history.csv", plots_dir, "plain", {"epochs": 2})
    draw_confusion(evaluate_dir / "confusion.csv", plots_dir / "confusion.png", "plain")
    draw_reliability(evaluate_dir, plots_dir / "reliability.png", "plain")
    draw_flat_batch(classes, plots_dir)
    explain_dir = write_explanation(folder / "explain", plots_dir, classes)
    return Run("plain", {"epochs": 2, "augmentation": ["flip"]}, train_dir, evaluate_dir, plots_dir, explain_dir)


def write_evaluation(evaluate_dir: Path, classes: list[str]) -> None:
    """Writes an evaluation in which each class has 6 pictures named right and 3 named as the next; no paths."""
    evaluate_dir.mkdir()
    write_metrics(evaluate_dir, 0.61)
    write_class_tables(
        evaluate_dir, classes, np.eye(len(classes), dtype=int) * 6 + np.eye(len(classes), k=1, dtype=int) * 3
    )
    bins = bin_probabilities(np.linspace(0.3, 1, 90), np.arange(90) % 3 > 0)
    write_rows(evaluate_dir / "calibration.csv", BINS, bins)
    for table, header in (("mistakes", MISTAKES), ("doubtful", DOUBTFUL)):
        write_rows(evaluate_dir / f"{table}.csv", header, [])
    write_predictions(evaluate_dir, classes, [])


def write_predictions(evaluate_dir: Path, classes: list[str], predicted: Sequence[tuple[str, int, int, float]]) -> None:
    """Writes a row for each path, label, predicted label and its probability; other classes have none."""
    rows = [
        [path, label, named, *(share if column == named else 0.0 for column in range(len(classes))), 1.0]
        for path, label, named, share in predicted
    ]
    write_rows(
        evaluate_dir / "predictions.csv", ("path", "label", "predicted", *(f"p_{c}" for c in classes), "loss"), rows
    )


def add_test_pictures(content: Page, classes: list[str]) -> None:
    """Adds a picture of noise for every count of the confusion matrices, each surer than the one before."""
    named = [
        label + (number > 5)
        for label in range(len(classes))
        for number in range(9)
        if label + (number > 5) < len(classes)
    ]
    labels = [label for label in range(len(classes)) for number in range(9) if label + (number > 5) < len(classes)]
    noise = np.random.default_rng(1).integers(0, 256, (len(labels), 32, 32, 3), dtype=np.uint8)
    np.save(content.pack_dir / "test_pixels.npy", noise)
    paths = [f"test/{label}_{number}.png" for number, label in enumerate(labels)]
    with (content.pack_dir / "pictures.csv").open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([path, label, "test"] for path, label in zip(paths, labels, strict=True))
    shares = np.linspace(0.4, 0.99, len(labels)).round(3).tolist()
    for run in content.runs:
        write_predictions(run.evaluate_dir, classes, list(zip(paths, labels, named, shares, strict=True)))


def draw_flat_batch(classes: list[str], plots_dir: Path) -> None:
    pixels, shares = np.full((2, 8, 8, 3), 90, np.uint8), np.eye(len(classes), dtype=np.float32)[[0, 0]]
    np.savez(plots_dir / "batch.npz", before=pixels, after=pixels, shares=shares)
    (plots_dir / "classes.txt").write_text("\n".join(classes) + "\n")
    draw_batch(plots_dir / "batch.npz", plots_dir, plots_dir / "batch.png", "plain")


def write_comparison(folder: Path, classes: list[str]) -> Path:
    """Writes a comparison of `plain` and `wide`: flat plots, and one picture that both take for the last class."""
    comparison_dir = folder / "comparison"
    header = "path,label,runs,mean_probability,said_plain,said_wide"
    wrong = ["train/0_0.png", classes[0], 2, 0.0625, classes[-1], classes[-1]]
    write_table(comparison_dir / "always_wrong.csv", header, [wrong])
    said = {"best": "wide", "runner_up": "plain", "picture_count": 900, "only_best": 90, "only_runner_up": 20}
    said |= {"difference": 7 / 90, "difference_low": 0.055, "difference_high": 0.1, "p_value": 2e-11}
    (comparison_dir / "comparison.json").write_text(json.dumps(said | {"is_significant": True}))
    for plot in PLOTS:
        Image.new("RGB", (60, 40), "white").save(comparison_dir / f"{plot}.png")
    return comparison_dir


def write_metrics(evaluate_dir: Path, accuracy: float) -> None:
    metrics = {"accuracy": accuracy, "accuracy_low": accuracy - 0.02, "accuracy_high": accuracy + 0.02, "loss": 1.0625}
    metrics |= {"f1_macro": 0.597, "f1_weighted": 0.6, "train_seconds": 75.5, "epochs": 2, "seed": 0, "test_count": 900}
    metrics |= {"duplicate_count": 0, "calibration_error": 0.125}
    (evaluate_dir / "metrics.json").write_text(json.dumps(metrics))


def write_pack(pack_dir: Path, classes: list[str], pictures_per_class: int) -> None:
    pack_dir.mkdir()
    labels = np.repeat(np.arange(len(classes), dtype=np.int32), pictures_per_class)
    noise = np.random.default_rng(0).integers(0, 256, (len(labels), 32, 32, 3), dtype=np.uint8)
    np.save(pack_dir / "train_pixels.npy", noise)
    np.save(pack_dir / "train_labels.npy", labels)
    (pack_dir / "classes.txt").write_text("\n".join(classes) + "\n")
    listed = [[f"train/{label}_{number}.png", label, "train"] for number, label in enumerate(labels)]
    write_table(pack_dir / "pictures.csv", "path,label,subset", listed)


def describe_data(folder: Path) -> None:
    (folder / "data").mkdir()
    write_counts(folder / "split.csv", folder / "pack", folder / "data/counts.csv")
    draw_contact_sheets(folder / "pack", folder / "data")
    draw_mean_pictures(folder / "pack", folder / "data")


def write_inputs(folder: Path, classes: list[str], edits: Sequence[Sequence[object]] = ()) -> Page:
    write_pack(folder / "pack", classes, TRAINED_PICTURES)
    index_dir = folder / "index"
    write_table(index_dir / "edits.csv", "edit,path,exported_path,was,now,words", edits)
    write_table(index_dir / "removed.csv", "path,number,label,class,sha256", [])
    write_table(index_dir / "rejected.csv", "path,reason,folder", REJECTED)
    splits = [
        [f"{subset}/{label}_{number}.png", label, subset]
        for label in range(len(classes))
        for subset, count in (("train", 1200 + label), ("val", 7), ("test", 11 * label))
        for number in range(count)
    ]
    write_table(folder / "split.csv", "path,label,subset", splits)
    describe_data(folder)
    write_table(folder / "duplicates/duplicates.csv", "group,path,subset,class,kind,distance", [])
    write_table(folder / "joined.csv", "path,from,to,group", [])
    plain = write_run(folder / "plain", classes)
    wide_dir = shutil.copytree(plain.evaluate_dir, folder / "wide")
    write_metrics(wide_dir, 0.687)
    runs = (plain, replace(plain, name="wide", evaluate_dir=wide_dir))
    stage = {"stage": "TrainModel", "key": "abc123", "parameters": {"epochs": 2}, "seconds": 75.5}
    stage |= {"versions": {"numpy": "2.4.0"}, "made": "2025-05-06T07:08:09+00:00"}
    command = "luigi --module pipeline FullReport --dataset sample"
    return Page(
        dataset="sample",
        command=command,
        index_dir=index_dir,
        data_dir=folder / "data",
        duplicates_dir=folder / "duplicates",
        joined_csv=folder / "joined.csv",
        pack_dir=folder / "pack",
        comparison_dir=write_comparison(folder, classes),
        runs=runs,
        stages=(StageRecord("TrainModel plain", (), True, stage),),
        validated_on="val",
        source="sample",
    )


def write_and_read(target: Path, content: Page) -> ReadPage:
    write_page(target, content)
    return ReadPage(target.read_text(encoding="utf-8"))
