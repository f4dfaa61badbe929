"""A model's card: what it is for, what it was trained on, how well it does, where it fails, and how to load it.

Reads counts.csv, edits.csv, the pack's shape, and training.json, metrics.json, per_class.csv and confusion.csv of its
run; writes nothing. It holds no dates and no seconds, so the same model has the same card.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reports.content import Page, Run
from reports.facts.augmentation import augmentation_in_words
from reports.facts.counts import read_counts
from reports.spread import spread_of
from reports.tables import read_json, read_records
from reports.words import counted, edits_sentence, percent

MOST_NAMED = 20  # classes
WORST_CLASSES = 3
SOURCES = {"sample": "the sample that this project paints itself", "folder": "a folder of pictures"}
SOURCES |= {"cifar10": "CIFAR-10", "cifar100": "CIFAR-100"}


@dataclass(frozen=True)
class ModelCard:
    """Sentences under headings, and the lines of Python that use the model."""

    name: str
    parts: dict[str, list[str]]
    loading: str


def read_model_card(run: Run, content: Page) -> ModelCard:
    metrics, scores = read_json(run.evaluate_dir / "metrics.json"), read_records(run.evaluate_dir / "per_class.csv")
    height, width = np.load(content.pack_dir / "train_pixels.npy", mmap_mode="r").shape[1:3]
    classes = [row["class"] for row in scores]
    parts = {
        "What it is for": [
            f"It tells pictures like those of the data set {content.dataset} apart, by {len(classes)} classes: "
            f"{_name_some(classes)}.",
            f"It takes pictures of {width} x {height} pixels and gives each a probability for every class.",
        ],
        "What it was trained on": list(_training(run, content)),
        "How well it does": list(_merits(run, content, metrics)),
        "Where it fails": list(_failures(run, metrics, scores)),
        "What it is not for": list(_limits(content, metrics)),
    }
    return ModelCard(run.name, parts, _loading(run, height, width))


def _name_some(classes: Sequence[str]) -> str:
    if len(classes) <= MOST_NAMED:
        return ", ".join(classes)
    return f"{', '.join(classes[:MOST_NAMED])} and {len(classes) - MOST_NAMED} more"


def _training(run: Run, content: Page) -> Iterator[str]:
    counts, training = read_counts(content.data_dir / "counts.csv"), read_json(run.train_dir / "training.json")
    of_classes = [of_class.by_subset["train"] for of_class in counts]
    val_count = sum(of_class.by_subset["val"] for of_class in counts)
    fewest, most = min(of_classes), max(of_classes)
    a_class = f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}"
    others = f"{val_count:,} others watched over the training" if val_count else "none were set aside to watch over it"
    yield (
        f"{sum(of_classes):,} pictures, {a_class} of each class, from {SOURCES.get(content.source, content.source)}; "
        f"{others}."
    )
    edits = edits_sentence(read_records(content.index_dir / "edits.csv"))
    yield f"Edits since the pictures were exported: {edits or 'none'}."
    yield augmentation_in_words(run.parameters)
    if backbone := run.parameters.get("backbone"):
        weights = run.parameters["backbone_weights"]
        yield f"It stands on {backbone}, a network that had learnt from other pictures ({weights})."
    if start := run.parameters.get("start_from"):
        yield f"It went on from the weights of {start}."
    yield (
        f"{training['parameters']:,} parameters, {counted(training['epochs'], 'epoch')}, seed {training['seed']}, "
        f"computed in {training['precision']}; every option is in the report under the recipe {run.name}."
    )


def _merits(run: Run, content: Page, metrics: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"It names {percent(metrics['accuracy'])} of {metrics['test_count']:,} test pictures rightly "
        f"(95 % interval {percent(metrics['accuracy_low'])} to {percent(metrics['accuracy_high'])})."
    )
    if content.validated_on == "test":
        yield "That is no independent figure: the training was steered by the same test pictures."
    if run.repeat_dirs:
        others = [read_json(folder / "metrics.json")["accuracy"] for folder in run.repeat_dirs]
        spread = spread_of([metrics["accuracy"], *others])
        yield (
            f"Trained from {len(run.repeat_dirs) + 1} seeds, the recipe reaches {percent(spread.mean)} in the mean, "
            f"{percent(spread.lowest)} to {percent(spread.highest)}; this is the model of the first."
        )
    if metrics["duplicate_count"] and metrics["test_count_without_duplicates"]:
        yield (
            f"{metrics['duplicate_count']:,} of them look like a picture outside the test; without these it is "
            f"{percent(metrics['accuracy_without_duplicates'])}."
        )
    if "calibration_error" in metrics:
        yield (
            f"Its calibration error is {metrics['calibration_error']:.3f}: the gap, on average, between the "
            "probability it gives and how often it is then right."
        )


def _failures(run: Run, metrics: Mapping[str, Any], scores: Sequence[Mapping[str, str]]) -> Iterator[str]:
    tested = [row for row in scores if int(row["count"])]
    for row in sorted(tested, key=lambda row: float(row["recall"]))[:WORST_CLASSES]:
        if float(row["recall"]) < 1:
            found = percent(float(row["recall"]))
            yield f"{row['class']}: {found} of its {int(row['count']):,} test pictures are found."
    of_class = {row["class"]: int(row["count"]) for row in scores}
    for pair in read_records(run.evaluate_dir / "confused.csv")[:1]:
        true, count = pair["true"], int(pair["count"])
        yield f"The most frequent mistake is {true} taken for {pair['predicted']}: {count:,} of {of_class[true]:,}."
    if metrics["accuracy"] == 1:
        yield "On these test pictures, nowhere; other pictures may tell."


def _limits(content: Page, metrics: Mapping[str, Any]) -> Iterator[str]:
    reach = 50 * (metrics["accuracy_high"] - metrics["accuracy_low"])
    yield "Pictures unlike those it was trained on, of another kind or quality: nothing here says how it does there."
    yield "Pictures of something else: it gives every picture one of its classes, also where none is right."
    yield (
        f"Fine comparisons: measured on {metrics['test_count']:,} pictures, its accuracy is known to about "
        f"{reach:.1f} points either way."
    )


def _loading(run: Run, height: int, width: int) -> str:
    gives = (
        "the probability of the second class"
        if run.parameters.get("output") == "binary"
        else "a row each, its columns named in classes.csv"
    )
    return (
        "import keras\n"
        'model = keras.models.load_model("model.keras")\n'
        f"# uint8 [n, {height}, {width}, 3] to {gives}\n"
        "probabilities = model.predict(pictures)"
    )
