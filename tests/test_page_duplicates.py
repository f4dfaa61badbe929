"""The report's section on pictures that show the same."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from page_inputs import TRAINED_PICTURES, ReadPage, write_and_read, write_inputs, write_metrics, write_table

from reports.content import Page
from reports.sections.duplicates import MOST_GROUPS, MOST_OF_A_GROUP

CLASSES = ["cat", "dog"]
HEADER = "group,path,subset,class,kind,distance"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return write_inputs(tmp_path_factory.mktemp("inputs"), CLASSES)


def path(number: int) -> str:
    return f"train/{number // TRAINED_PICTURES}_{number}.png"


def row(group: int, number: int, subset: str = "train", class_name: str = "", kind: str = "near") -> list[object]:
    class_name = class_name or CLASSES[number // TRAINED_PICTURES]
    return [group, path(number), subset, class_name, kind, 0.1 * group if kind == "near" else 0.0]


def section(inputs: Page, folder: Path, rows: list[list[object]], joined: list[list[object]] | None = None) -> ReadPage:
    write_table(folder / "duplicates.csv", HEADER, rows)
    write_table(folder / "joined.csv", "path,from,to,group", joined or [])
    page = write_and_read(
        folder / "report.html", replace(inputs, duplicates_dir=folder, joined_csv=folder / "joined.csv")
    )
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert page.all("section")
    return ReadPage(html[html.index('<section id="duplicates"') : html.index('<section id="suspects"')])


def groups_shown(page: ReadPage) -> list[int]:
    return [int(words.split()[0].rstrip(":")) for words in page.text.split("Group ")[1:] if words[0].isdigit()]


@pytest.mark.slow
def test_without_duplicates_the_page_says_so(inputs: Page, tmp_path: Path) -> None:
    assert "None: no two pictures" in section(inputs, tmp_path, []).text


def test_two_labels_come_first_then_what_is_in_train_and_test_then_the_most_alike(inputs: Page, tmp_path: Path) -> None:
    rows = [row(1, 0), row(1, 1), row(2, 2, kind="exact"), row(2, 3, kind="exact")]
    rows += [row(3, 4), row(3, 5, subset="test"), row(4, 6), row(4, 7, class_name="dog")]
    page = section(inputs, tmp_path, rows)
    assert groups_shown(page) == [4, 3, 2, 1]
    assert "8 pictures in 4 groups:\n2 with exactly the pixels of another, 6 near-duplicates" in page.text
    assert "One group of two classes or more" in page.text
    assert "One group in both train and test" in page.text
    assert "cat or dog?" in page.text


def test_every_picture_of_a_group_is_shown_and_described(inputs: Page, tmp_path: Path) -> None:
    page = section(inputs, tmp_path, [row(1, 0), row(1, 31, subset="test")])
    alts = [attributes["alt"] for _, attributes in page.all("img")]
    assert alts == [f"cat, in train: {path(0)}", f"dog, in test: {path(31)}"]
    assert len(page.all("figcaption")) == 2


def test_a_long_list_and_a_large_group_say_how_much_is_left_out(inputs: Page, tmp_path: Path) -> None:
    large = [row(1, number, kind="exact") for number in range(MOST_OF_A_GROUP + 2)]
    pairs = [row(group, 20 + group % 5) for group in range(2, MOST_GROUPS + 4) for _ in range(2)]
    page = section(inputs, tmp_path, large + pairs)
    assert f"{MOST_OF_A_GROUP} of {MOST_OF_A_GROUP + 2} pictures" in page.text
    assert f"Here are {MOST_GROUPS} of them; all are in" in page.text
    assert len(groups_shown(page)) == MOST_GROUPS


def test_what_the_split_moved_is_listed(inputs: Page, tmp_path: Path) -> None:
    page = section(inputs, tmp_path, [row(1, 0), row(1, 1)], [[path(0), "val", "train", 1]])
    assert "Moved by the split" in page.text
    assert path(0) in page.text


@pytest.mark.slow
def test_each_run_is_measured_without_leaked_pictures_where_there_are_any(inputs: Page, tmp_path: Path) -> None:
    rows = [row(1, 0), row(1, 1, subset="test")]
    assert "Without duplicates" not in section(inputs, tmp_path, rows).text
    evaluate_dir = shutil.copytree(inputs.runs[0].evaluate_dir, tmp_path / "evaluate")
    write_metrics(evaluate_dir, 0.61)
    metrics = json.loads((evaluate_dir / "metrics.json").read_text())
    metrics |= {
        "accuracy_without_duplicates": 0.587,
        "accuracy_without_duplicates_low": 0.55,
        "accuracy_without_duplicates_high": 0.6,
    }
    metrics |= {"test_count_without_duplicates": 888, "duplicate_count": 12}
    (evaluate_dir / "metrics.json").write_text(json.dumps(metrics))
    leaked = replace(inputs, runs=(replace(inputs.runs[0], evaluate_dir=evaluate_dir),))
    page = section(leaked, tmp_path, rows)
    assert "without the 12 test pictures that have a duplicate in training" in page.text
    assert all(words in page.text for words in ("61.0%", "58.7%", "55.0% to 60.0%", "888"))


def test_a_class_name_of_any_kind_shows_as_text(inputs: Page, tmp_path: Path) -> None:
    name = '<b>"cat", or not</b>'
    page = section(inputs, tmp_path, [row(1, 0, class_name=name), row(1, 1, class_name=name)])
    assert name in page.text
    assert not page.all("b")
