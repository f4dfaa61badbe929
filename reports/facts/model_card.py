"""The card of a model: what it is for, what it was trained on, how well it does, where it fails, how to load it.

Reads counts.csv, edits.csv, the pack's shape, and training.json, metrics.json, per_class.csv and confusion.csv of its
run; writes model-card-RECIPE.md. A card holds no dates and no seconds, so the same model has the same card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reports.content import Page, Run
from reports.spread import spread_of
from reports.table_values import read_counts, read_json, read_records
from reports.words import counted, edits_sentence, percent

MOST_NAMED = 20  # classes
WORST_CLASSES = 3
SOURCES = {"sample": "the sample that this project paints", "folder": "a folder of pictures"}
SOURCES |= {"cifar10": "CIFAR-10", "cifar100": "CIFAR-100"}

AUGMENTATIONS = {
    "rotation_degrees": "turned by up to {:g} degrees",
    "horizontal_shift_fraction": "shifted sideways by up to {:.0%}",
    "vertical_shift_fraction": "shifted up or down by up to {:.0%}",
    "zoom_fraction": "enlarged or shrunk by up to {:.0%}",
    "mirrored_fraction": "mirrored in {:.0%} of the epochs",
    "randaugment": "changed by RandAugment of strength {:g}",
    "colorjitter": "changed in colour and brightness (strength {:g})",
    "cutout": "painted over in a square of {:.0%} of the side",
    "mixup": "blended in pairs (mixup, alpha {:g})",
    "cutmix": "pasted into each other (CutMix, alpha {:g})",
}


@dataclass(frozen=True)
class ModelCard:
    """The sentences under headings, and the lines of Python that load the model."""

    name: str
    parts: dict[str, list[str]]
    loading: str


def read_model_card(run: Run, page: Page) -> ModelCard:
    """Returns the card of a run's model."""
    metrics, scores = read_json(run.evaluate_dir / "metrics.json"), read_records(run.evaluate_dir / "per_class.csv")
    height, width = np.load(page.pack_dir / "train_pixels.npy", mmap_mode="r").shape[1:3]
    classes = [row["class"] for row in scores]
    parts = {
        "What it is for": [
            f"It sorts pictures like those of the data set {page.dataset} into {len(classes)} classes: "
            f"{_name_some(classes)}.",
            f"It takes pictures of {width} x {height} pixels and gives each a probability for every class.",
        ],
        "What it was trained on": list(_training(run, page)),
        "How well it does": list(_merits(run, page, metrics)),
        "Where it fails": list(_failures(run, metrics, scores)),
        "What it is not for": list(_limits(page, metrics)),
    }
    return ModelCard(run.name, parts, _loading(run, height, width))


def _name_some(classes: Sequence[str]) -> str:
    if len(classes) <= MOST_NAMED:
        return ", ".join(classes)
    return f"{', '.join(classes[:MOST_NAMED])} and {len(classes) - MOST_NAMED} more"


def _training(run: Run, page: Page) -> Iterator[str]:
    counts, training = read_counts(page.data_dir / "counts.csv"), read_json(run.train_dir / "training.json")
    of_classes = [of_class.by_subset["train"] for of_class in counts]
    val_count = sum(of_class.by_subset["val"] for of_class in counts)
    fewest, most = min(of_classes), max(of_classes)
    a_class = f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}"
    others = f"{val_count:,} more were for validation" if val_count else "none were set aside for validation"
    yield (
        f"{sum(of_classes):,} pictures, {a_class} of each class, from {SOURCES.get(page.source, page.source)}; "
        f"{others}."
    )
    edits = edits_sentence(read_records(page.index_dir / "edits.csv"))
    yield f"Edits since the export: {edits or 'none'}."
    yield augmentation_in_words(run.parameters)
    if backbone := run.parameters.get("backbone"):
        weights = run.parameters["backbone_weights"]
        yield f"It builds on {backbone}, a network that had learnt from other pictures ({weights})."
    if start := run.parameters.get("start_from"):
        yield f"It started from the weights of {start}."
    yield (
        f"{training['parameters']:,} parameters, {counted(training['epochs'], 'epoch')}, seed {training['seed']}, "
        f"computed in {training['precision']}; the report has every option of the recipe {run.name}."
    )


def _merits(run: Run, page: Page, metrics: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"It names {percent(metrics['accuracy'])} of {metrics['test_count']:,} test pictures right "
        f"(95% interval {percent(metrics['accuracy_low'])} to {percent(metrics['accuracy_high'])})."
    )
    if page.validated_on == "test":
        yield "This accuracy is not independent: the same test pictures guided the training."
    if run.repeat_dirs:
        others = [read_json(folder / "metrics.json")["accuracy"] for folder in run.repeat_dirs]
        spread = spread_of([metrics["accuracy"], *others])
        yield (
            f"Trained from {len(run.repeat_dirs) + 1} seeds, the recipe reaches {percent(spread.mean)} on average, "
            f"{percent(spread.lowest)} to {percent(spread.highest)}; this is the model of the first seed."
        )
    if metrics["duplicate_count"] and metrics["test_count_without_duplicates"]:
        yield (
            f"{metrics['duplicate_count']:,} of them are duplicates of pictures in training or validation; without "
            f"these it is {percent(metrics['accuracy_without_duplicates'])}."
        )
    if "calibration_error" in metrics:
        yield (
            f"Its calibration error is {metrics['calibration_error']:.3f}: the average gap between the probability "
            "of its answers and the share of them that is right."
        )


def _failures(run: Run, metrics: Mapping[str, Any], scores: Sequence[Mapping[str, str]]) -> Iterator[str]:
    tested = [row for row in scores if int(row["count"])]
    for row in sorted(tested, key=lambda row: float(row["recall"]))[:WORST_CLASSES]:
        if float(row["recall"]) < 1:
            found = percent(float(row["recall"]))
            yield f"{row['class']}: it finds {found} of the {int(row['count']):,} test pictures."
    of_class = {row["class"]: int(row["count"]) for row in scores}
    for pair in read_records(run.evaluate_dir / "confused.csv")[:1]:
        true, count = pair["true"], int(pair["count"])
        yield f"The most frequent mistake is {true} taken for {pair['predicted']}: {count:,} of {of_class[true]:,}."
    if metrics["accuracy"] == 1:
        yield "Nowhere on these test pictures; other pictures may show more."


def _limits(page: Page, metrics: Mapping[str, Any]) -> Iterator[str]:
    reach = 50 * (metrics["accuracy_high"] - metrics["accuracy_low"])
    yield "Pictures of another kind or quality than it was trained on: nothing here says how well it does on them."
    yield "Pictures of something else: it gives every picture one of its classes, even where none fits."
    yield (
        f"Close comparisons: {metrics['test_count']:,} test pictures measure its accuracy to within about "
        f"{reach:.1f} points."
    )


def _loading(run: Run, height: int, width: int) -> str:
    gives = (
        "the probability of the second class"
        if run.parameters.get("output") == "binary"
        else "one row for each picture, with a column for each class of classes.csv"
    )
    return (
        "import keras\n"
        'model = keras.models.load_model("model.keras")\n'
        f"# uint8 [n, {height}, {width}, 3] to {gives}\n"
        "probabilities = model.predict(pictures)"
    )


def augmentation_in_words(options: Mapping[str, Any]) -> str:
    """Returns a sentence on how a recipe changes its pictures while it trains."""
    changes = [words.format(options[name]) for name, words in AUGMENTATIONS.items() if options.get(name)]
    scales = options.get("scales") or [1]
    if min(scales) < 1:
        ends = dict.fromkeys(f"{100 * end:.3g}%" for end in (min(scales), max(scales)))
        changes.append(f"shown at {' to '.join(ends)} of its size")
    if not changes:
        return "The training saw the pictures as they are, without augmentation."
    return f"The training saw each picture changed in a new way every time: {', '.join(changes)}."


def write_model_cards(page: Page, folder: Path) -> None:
    """Writes a card for each run, as model-card-RECIPE.md."""
    for run in page.runs:
        target = folder / f"model-card-{run.name}.md"
        target.write_text(as_markdown(read_model_card(run, page)), encoding="utf-8")


def as_markdown(card: ModelCard) -> str:
    """Returns a card as Markdown."""
    parts = (
        f"## {heading}\n\n" + "".join(f"- {_escape(sentence)}\n" for sentence in sentences)
        for heading, sentences in card.parts.items()
    )
    loading = f"## How to load it\n\n```python\n{card.loading}\n```\n"
    return "\n".join([f"# Model card: {_escape(card.name)}\n", *parts, loading])


def _escape(text: str) -> str:
    """Returns a text in which nothing counts as Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
