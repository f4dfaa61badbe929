"""The report page, written from real small files and read back as HTML."""

import base64
import hashlib
import io
import itertools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from page_inputs import TRAINED_PICTURES, ReadPage, add_test_pictures, write_and_read, write_inputs
from PIL import Image

from reports.content import Page
from reports.page import write_page

SCRIPT = "<script>alert('hello')</script>"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Page:
    edits = [["moved", f"train/dog/0_{n}.png", f"train/cat/0_{n}.png", "cat", "dog", f"picture {n}"] for n in range(57)]
    return write_inputs(tmp_path_factory.mktemp("inputs"), ["cat", SCRIPT], edits)


@pytest.fixture(scope="module")
def page(inputs: Page, tmp_path_factory: pytest.TempPathFactory) -> ReadPage:
    return write_and_read(tmp_path_factory.mktemp("report") / "report.html", inputs)


@pytest.mark.slow
def test_a_class_named_script_shows_as_text(page: ReadPage) -> None:
    assert SCRIPT in page.text
    assert [attributes for _, attributes in page.all("script") if attributes.get("type") != "application/json"] == [{}]


def test_the_page_lets_no_script_run_but_its_own(tmp_path: Path, inputs: Page) -> None:
    write_page(tmp_path / "report.html", inputs)
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in html


def test_the_page_asks_for_nothing_from_the_network(page: ReadPage) -> None:
    loaded = [
        value or ""
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "srcset", "href", "data", "poster", "action", "background"}
    ]
    assert loaded
    assert all(value.startswith(("data:", "#", "../../images/")) for value in loaded)  # the last are links, not loaded
    assert not re.search(r"https?:|@import", page.text)
    assert not page.all("iframe", "object", "embed", "base")


def test_a_rejected_file_is_listed_with_the_folder_it_is_in(page: ReadPage) -> None:
    assert re.search(r"images\s*train/cat/notes.png\s*not a picture", page.text)
    assert re.search(r"source\s*cats/notes.png\s*not a picture", page.text)


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
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in section.split("<tr>")[2:]]
    assert rows == [["1,200", "7", "0", "1,207"], ["1,201", "7", "11", "1,219"], ["2,401", "14", "11", "2,426"]]


def test_validation_on_the_test_pictures_is_said_plainly(tmp_path: Path, inputs: Page, page: ReadPage) -> None:
    warning = "Validation was on the test pictures, so the test accuracy is not independent"
    validated_on_test = write_and_read(tmp_path / "report.html", replace(inputs, validated_on="test"))
    assert warning in " ".join(validated_on_test.text.split())
    assert warning not in " ".join(page.text.split())


@pytest.mark.slow
def test_twenty_runs_on_a_hundred_classes_of_noise_stay_under_15_megabytes(tmp_path: Path) -> None:
    classes = [f"class {number}" for number in range(100)]
    content = write_inputs(tmp_path, classes)
    add_test_pictures(content, classes)
    runs = tuple(replace(content.runs[0], name=f"run {number}") for number in range(20))
    write_page(tmp_path / "report.html", replace(content, runs=runs))
    assert (tmp_path / "report.html").stat().st_size < 15_000_000


def test_a_long_list_of_edits_ends_with_how_many_more(page: ReadPage) -> None:
    assert "picture 49" in page.text
    assert "picture 50" not in page.text
    assert "and 7 more" in page.text


def test_a_picture_that_could_not_be_used_is_shown_with_its_reason(page: ReadPage) -> None:
    assert "not a picture" in page.text


def test_the_most_frequent_mistakes_are_named(page: ReadPage) -> None:
    assert f"cat taken for {SCRIPT}: 3, which is 33.3% of cat" in page.text


def test_how_it_was_made_is_told(page: ReadPage) -> None:
    making = " ".join(page.text[page.text.index("The command") :].split())
    for told in ("FullReport --dataset sample", "abc123", "2025-05-06 07:08", "1 min 16 s", 'augmentation ["flip"]'):
        assert told in making
    assert "numpy 2.4.0" in making


def test_a_contact_sheet_shows_pictures_evenly_spaced_through_the_class(inputs: Page, page: ReadPage) -> None:
    images = [attributes for _, attributes in page.all("img")]
    sheets = [attributes for attributes in images if (attributes["alt"] or "").startswith("training pictures of ")]
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
