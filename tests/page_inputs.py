"""A report's inputs, written as small real files, and a page read back as HTML."""

import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from reports.content import Page, Run
from reports.drawing.batch import draw_batch
from reports.drawing.confusion import draw_confusion
from reports.drawing.curves import draw_curves
from reports.page import write_page

TRAINED_PICTURES = 30


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
    (train_dir / "training.json").write_text(json.dumps(training))
    scores = [[name, 9, 0.5, 0.25, 0.333] for name in classes]
    write_table(evaluate_dir / "per_class.csv", "class,count,precision,recall,f1", scores)
    write_metrics(evaluate_dir, 0.61)
    counts = np.eye(len(classes), dtype=int) * 6 + np.eye(len(classes), k=1, dtype=int) * 3
    rows = [[name, *row] for name, row in zip(classes, counts.tolist(), strict=True)]
    write_table(evaluate_dir / "confusion.csv", ",".join(["true", *classes]), rows)
    plots_dir.mkdir()
    draw_curves(train_dir / "history.csv", plots_dir, "plain")
    draw_confusion(evaluate_dir / "confusion.csv", plots_dir / "confusion.png", "plain")
    draw_flat_batch(classes, plots_dir)
    return Run("plain", {"epochs": 2, "augmentation": ["flip"]}, train_dir, evaluate_dir, plots_dir)


def draw_flat_batch(classes: list[str], plots_dir: Path) -> None:
    pixels, shares = np.full((2, 8, 8, 3), 90, np.uint8), np.eye(len(classes), dtype=np.float32)[[0, 0]]
    np.savez(plots_dir / "batch.npz", before=pixels, after=pixels, shares=shares)
    (plots_dir / "classes.txt").write_text("\n".join(classes) + "\n")
    draw_batch(plots_dir / "batch.npz", plots_dir, plots_dir / "batch.png", "plain")


def write_metrics(evaluate_dir: Path, accuracy: float) -> None:
    metrics = {"accuracy": accuracy, "accuracy_low": accuracy - 0.02, "accuracy_high": accuracy + 0.02, "loss": 1.0625}
    metrics |= {"f1_macro": 0.597, "f1_weighted": 0.6, "train_seconds": 75.5, "epochs": 2, "seed": 0, "test_count": 900}
    metrics["twin_count"] = 0
    (evaluate_dir / "metrics.json").write_text(json.dumps(metrics))


def write_pack(pack_dir: Path, classes: list[str], pictures_per_class: int) -> None:
    pack_dir.mkdir()
    labels = np.repeat(np.arange(len(classes), dtype=np.int32), pictures_per_class)
    noise = np.random.default_rng(0).integers(0, 256, (len(labels), 32, 32, 3), dtype=np.uint8)
    np.save(pack_dir / "train_pixels.npy", noise)
    np.save(pack_dir / "train_labels.npy", labels)
    (pack_dir / "classes.txt").write_text("\n".join(classes) + "\n")


def write_inputs(folder: Path, classes: list[str], edits: Sequence[Sequence[object]] = ()) -> Page:
    write_pack(folder / "pack", classes, TRAINED_PICTURES)
    index_dir = folder / "index"
    write_table(index_dir / "edits.csv", "edit,path,exported_path,was,now,words", edits)
    write_table(index_dir / "removed.csv", "path,number,label,class,sha256", [])
    write_table(index_dir / "rejected.csv", "path,reason", [["train/cat/notes.png", "not a picture"]])
    splits = [
        [f"{subset}/{label}_{number}.png", label, subset]
        for label in range(len(classes))
        for subset, count in (("train", 1200 + label), ("val", 7), ("test", 11 * label))
        for number in range(count)
    ]
    write_table(folder / "split.csv", "path,label,subset", splits)
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
        split_csv=folder / "split.csv",
        duplicates_dir=folder / "duplicates",
        joined_csv=folder / "joined.csv",
        pack_dir=folder / "pack",
        runs=runs,
        stages=(stage,),
        validated_on="val",
    )


def write_and_read(target: Path, content: Page) -> ReadPage:
    write_page(target, content)
    return ReadPage(target.read_text(encoding="utf-8"))
