"""The report page, written from real small files and read back as HTML."""

import base64
import csv
import io
import itertools
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reports.content import Page, Run
from reports.drawing.batch import draw_batch
from reports.drawing.confusion import draw_confusion
from reports.drawing.curves import draw_curves
from reports.page import write_page

TRAINED_PICTURES = 30
SCRIPT = "<script>alert('hello')</script>"


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


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Page:
    edits = [["moved", f"train/dog/0_{n}.png", f"train/cat/0_{n}.png", "cat", "dog", f"picture {n}"] for n in range(57)]
    return write_inputs(tmp_path_factory.mktemp("inputs"), ["cat", SCRIPT], edits)


@pytest.fixture(scope="module")
def page(inputs: Page, tmp_path_factory: pytest.TempPathFactory) -> ReadPage:
    return write_and_read(tmp_path_factory.mktemp("report") / "report.html", inputs)


def test_a_class_named_script_shows_as_text(page: ReadPage) -> None:
    assert SCRIPT in page.text
    assert not page.all("script")


def test_the_page_asks_for_nothing_from_the_network(page: ReadPage) -> None:
    loaded = [
        value or ""
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "srcset", "href", "data", "poster", "action", "background"}
    ]
    assert loaded
    assert all(value.startswith(("data:", "#")) for value in loaded)
    assert not re.search(r"url\(|@import", page.text)
    assert not page.all("iframe", "object", "embed", "script", "base")


def test_every_run_is_in_the_table_with_its_figures(page: ReadPage) -> None:
    runs_table = page.text[page.text.index("Every run on the test pictures") : page.text.index("Best epoch")]
    figures = runs_table.split()
    for name, accuracy, low, high in (("plain", "61.0%", "59.0%", "63.0%"), ("wide", "68.7%", "66.7%", "70.7%")):
        row = figures[figures.index(name) :]
        assert row.index(accuracy) < row.index(low) < row.index(high)
    assert runs_table.count("54,321") == runs_table.count("1.062") == runs_table.count("0.597") == 2


def test_the_headline_is_the_most_accurate_run_with_its_interval(page: ReadPage) -> None:
    headline = " ".join(page.text[page.text.index("Pigeonhole report") :].split())
    assert headline.startswith("Pigeonhole report sample: wide names 68.7% of the test pictures right")
    assert "95% interval 66.7% to 70.7%, on 900 test pictures." in headline


def test_counts_per_class_agree_with_the_split(tmp_path: Path, inputs: Page) -> None:
    write_page(tmp_path / "report.html", inputs)
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    section = html.split('<section id="counts" aria-labelledby="counts-title">')[1].split("</section>")[0]
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in section.split("<tr>")[2:]]
    assert rows == [["1,200", "7", "0", "1,207"], ["1,201", "7", "11", "1,219"], ["2,401", "14", "11", "2,426"]]


def test_validation_on_the_test_pictures_is_said_plainly(tmp_path: Path, inputs: Page, page: ReadPage) -> None:
    warning = "Validation was on the test pictures, so the test accuracy is not independent"
    validated_on_test = write_and_read(tmp_path / "report.html", replace(inputs, validated_on="test"))
    assert warning in " ".join(validated_on_test.text.split())
    assert warning not in " ".join(page.text.split())


def test_a_hundred_classes_of_noise_stay_under_15_megabytes(tmp_path: Path) -> None:
    content = write_inputs(tmp_path, [f"class {number}" for number in range(100)])
    write_page(tmp_path / "report.html", content)
    assert (tmp_path / "report.html").stat().st_size < 15_000_000


def test_a_long_list_of_edits_ends_with_how_many_more(page: ReadPage) -> None:
    assert "picture 49" in page.text
    assert "picture 50" not in page.text
    assert "and 7 more" in page.text


def test_a_picture_that_could_not_be_used_is_shown_with_its_reason(page: ReadPage) -> None:
    assert "not a picture" in page.text


def test_the_most_frequent_mistakes_are_named(page: ReadPage) -> None:
    assert f"cat taken for {SCRIPT}: 3 of 9" in page.text


def test_how_it_was_made_is_told(page: ReadPage) -> None:
    making = " ".join(page.text[page.text.index("The command") :].split())
    for told in ("FullReport --dataset sample", "abc123", "2025-05-06 07:08", "1 min 16 s", 'augmentation ["flip"]'):
        assert told in making
    assert "numpy 2.4.0" in making


def test_a_contact_sheet_shows_pictures_evenly_spaced_through_the_class(inputs: Page, page: ReadPage) -> None:
    sheets = [attributes for _, attributes in page.all("img") if attributes["class"] == "sheet"]
    assert sheets[0]["alt"] == "training pictures of cat: 24 of 30, evenly spaced"
    png = base64.b64decode((sheets[1]["src"] or "").removeprefix("data:image/png;base64,"))
    sheet = np.asarray(Image.open(io.BytesIO(png)))[:, :, :3]
    pixels = np.load(inputs.pack_dir / "train_pixels.npy")[TRAINED_PICTURES:]
    for position, chosen in ((0, 0), (1, 1), (7, 9), (23, 29)):
        top, left = 33 * (position // 8), 33 * (position % 8)
        np.testing.assert_array_equal(sheet[top : top + 32, left : left + 32], pixels[chosen])


def test_the_page_can_be_read_aloud(page: ReadPage) -> None:
    assert all(attributes.get("alt") for _, attributes in page.all("img"))
    assert all(attributes.get("scope") in {"row", "col"} for _, attributes in page.all("th"))
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_same_files_give_the_same_page(tmp_path: Path, inputs: Page) -> None:
    for name in ("first.html", "second.html"):
        write_page(tmp_path / name, inputs)
    assert (tmp_path / "first.html").read_bytes() == (tmp_path / "second.html").read_bytes()
