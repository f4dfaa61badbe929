"""The comparison of runs: tables, pictures that none names right, names that do not cover each other, the section."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Project
from page_inputs import ReadPage, write_and_read, write_inputs
from PIL import Image
from test_plots import write_table

import pipeline
from datasets.tables import write_rows
from models.evaluation.comparison import mcnemar
from reports.drawing.label_placement import Box, place_names, push_apart
from reports.drawing.overlay import draw_overlay
from reports.drawing.trade_off import PricedRun, draw_trade_off
from reports.facts.compared_runs import ComparedRun, comparable, rank, write_always_wrong, write_runs
from reports.sections.all_runs import MOST_SHOWN, read_run_comparison

pytestmark = pytest.mark.slow

ODD_NAMES = ["a$\\oops{$", "<script>alert(1)</script>"]
NAMES = [*ODD_NAMES, *(f"recipe-{number}" for number in range(18))]


def run(
    folder: Path, name: str, accuracies: Sequence[float] = (0.6,), *, coarse: bool = False, wrong: Sequence[object] = ()
) -> ComparedRun:
    """A run over as many seeds as it has accuracies."""
    home = folder / f"run {len(list(folder.iterdir()))}"
    dirs = [home / f"evaluate {seed}" for seed in range(len(accuracies))]
    for seed, (evaluate_dir, accuracy) in enumerate(zip(dirs, accuracies, strict=True)):
        evaluate_dir.mkdir(parents=True)
        metrics = {"accuracy": accuracy, "accuracy_low": accuracy - 0.1, "accuracy_high": accuracy + 0.1, "seed": seed}
        metrics |= {"loss": 1.0, "f1_macro": 0.5, "train_seconds": 10.0 * (seed + 1)}
        (evaluate_dir / "metrics.json").write_text(json.dumps(metrics))
        write_rows(evaluate_dir / "mistakes.csv", ("path", "true", "predicted", "of_true", "of_predicted"), wrong)
    training = {"train_seconds": 10.0, "epochs": 2, "best_epoch": 2, "seed": 0, "parameters": 1000}
    (home / "training.json").write_text(json.dumps(training))
    return ComparedRun(name, coarse, home, dirs[0], tuple(dirs[1:]))


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        return list(csv.DictReader(lines))


def test_the_table_has_every_run_and_over_seeds_mean_and_spread(tmp_path: Path) -> None:
    write_runs([run(tmp_path, ODD_NAMES[0]), run(tmp_path, "b", [0.5, 0.7], coarse=True)], tmp_path / "runs.csv")
    one, two = rows_of(tmp_path / "runs.csv")
    assert (one["run"], one["predicts"], one["accuracy"], one["seeds"]) == (ODD_NAMES[0], "classes", "0.6", "1")
    assert one["mean_accuracy"] == one["calibration_error"] == one["mean_train_seconds"] == ""
    assert (two["predicts"], two["accuracy"], two["seeds"], two["mean_accuracy"]) == ("superclasses", "0.5", "2", "0.6")
    assert (two["lowest_accuracy"], two["highest_accuracy"], two["mean_train_seconds"]) == ("0.5", "0.7", "15.0")


def test_runs_are_ranked_by_the_mean_of_their_seeds_superclasses_last(tmp_path: Path) -> None:
    runs = [run(tmp_path, "a"), run(tmp_path, "b", [0.9], coarse=True), run(tmp_path, "c", [0.4, 0.9])]
    assert [of.name for of in rank(runs)] == ["c", "a", "b"]
    assert [of.name for of in comparable(runs)] == ["c", "a"]
    assert [of.name for of in comparable(runs[1:2])] == ["b"]
    assert runs[0].accuracy == pytest.approx((0.6, 0.5, 0.7))
    assert runs[2].accuracy == pytest.approx((0.65, 0.4, 0.9))


def test_what_every_run_gets_wrong_is_listed_the_least_believed_label_first(tmp_path: Path) -> None:
    bytes_of_no_utf8, comma = "test/cat/\udcff.png", "test/dog/a, b\n.png"
    first = [(bytes_of_no_utf8, "cat", "dog", 0.25, 0.7), (comma, "dog", "cat", 0.1, 0.9), ("one", "cat", "dog", 0, 1)]
    second = [(comma, "dog", "frog", 0.2, 0.6), (bytes_of_no_utf8, "cat", "dog", 0.35, 0.6)]
    runs = [run(tmp_path, "a", wrong=first), run(tmp_path, ODD_NAMES[1], wrong=second)]
    write_always_wrong(runs, tmp_path / "always_wrong.csv")
    worst, other = rows_of(tmp_path / "always_wrong.csv")
    said = f"said_{ODD_NAMES[1]}"
    assert worst.pop("mean_probability").startswith("0.15")
    assert worst == {"path": comma, "label": "dog", "runs": "2", "said_a": "cat", said: "frog"}
    assert (other["path"], other["mean_probability"], other[said]) == (bytes_of_no_utf8, "0.3", "dog")


def test_names_are_pushed_apart_in_their_order_and_no_further_than_need_be() -> None:
    assert push_apart([50.0, 10.0, 90.0], 13) == [50, 10, 90]
    assert push_apart([10.0, 10.0], 12) == [4, 16]
    crowded = push_apart([10.0, 11.0, 12.0, 40.0], 13)
    assert crowded == [-2, 11, 24, 40]


@pytest.mark.parametrize("points", [[(150.0, 130.0)] * 20, [(40.0 + 12 * n, 30.0 + 10 * (n % 12)) for n in range(20)]])
def test_twenty_names_do_not_cover_each_other(points: list[tuple[float, float]]) -> None:
    room, sizes = Box(0, 0, 432, 345), [(60.0 + n, 11.0) for n in range(20)]
    placed = place_names(points, sizes, [Box(x - 4, y - 4, 8, 8) for x, y in points], room, 8)
    assert not any(box.overlap(other) for n, box in enumerate(placed) for other in placed[:n])
    assert all(room.overlap(box) == pytest.approx(box.width * box.height) for box in placed)


def priced(count: int) -> list[PricedRun]:
    return [
        PricedRun(name, 4.0**n, 0.9 - n / 40, 0.88 - n / 40, 0.92 - n / 40, n == 3)
        for n, name in enumerate(NAMES[:count])
    ]


@pytest.mark.parametrize("count", [1, 2, 20])
def test_any_number_of_runs_is_drawn_the_same_way_twice_within_the_budget(tmp_path: Path, count: int) -> None:
    curves = [
        (name, [0.1 + n / 40 + epoch / 100 for epoch in range(30)], n == 3) for n, name in enumerate(NAMES[:count])
    ]
    for again in ("first", "second"):
        (tmp_path / again).mkdir()
        draw_overlay(curves, tmp_path / again / "curves.png")
        draw_trade_off(priced(count), "seconds of training", tmp_path / again / "accuracy_by_seconds.png")
    first, second = (sorted((tmp_path / again).iterdir()) for again in ("first", "second"))
    assert [plot.read_bytes() for plot in first] == [plot.read_bytes() for plot in second]
    assert sum(plot.stat().st_size for plot in first) < 150_000
    for plot in first:
        with Image.open(plot) as picture:
            assert set(picture.info) == {"dpi"}
            assert max(picture.size) < 1500


def test_a_training_that_fell_to_nothing_and_one_cost_for_all_are_drawn(tmp_path: Path) -> None:
    draw_overlay([("flat", [0.0, 0.0], False), ("one epoch", [0.5], False)], tmp_path / "curves.png")
    draw_trade_off([run._replace(cost=398_566) for run in priced(3)], "parameters", tmp_path / "same.png")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> ReadPage:
    folder = tmp_path_factory.mktemp("page")
    return write_and_read(folder / "report.html", write_inputs(folder, ["cat", ODD_NAMES[1]]))


def section(page: ReadPage) -> str:
    text = " ".join(page.text[page.text.index("Measured on the test pictures") :].split())
    return text[: text.index("Each run")]


def test_the_section_tells_whether_the_best_run_is_better(page: ReadPage) -> None:
    said = section(page)
    assert "wide is better. On the same 900 test pictures, wide alone is right on 90 and plain alone on 20" in said
    assert "+7.8 points (95% interval +5.5 to +10.0)" in said
    assert "less than once in 10,000 times (McNemar's test)" in said


def test_a_picture_that_every_run_gets_wrong_is_shown_with_what_they_say(page: ReadPage) -> None:
    said = section(page)
    assert "One test picture is named wrong by both runs." in said
    assert f"cat taken for {ODD_NAMES[1]} by all cat 6.2% on average " in said
    assert "has a wrong label" in said
    assert "#suspects" in [attributes.get("href") for _, attributes in page.all("a")]


def test_the_tables_cells_say_by_what_they_are_sorted(page: ReadPage) -> None:
    assert any("sortable" in (attributes.get("class") or "") for _, attributes in page.all("table"))
    sorted_by = [attributes["data-sort"] for _, attributes in page.all("td") if "data-sort" in attributes]
    assert {"0.61", "0.687", "54321", "75.5", "0.125"} <= set(sorted_by)
    assert all(float(value or "") >= 0 for value in sorted_by)


def test_one_run_is_told_to_be_one_and_compared_with_none(tmp_path: Path) -> None:
    content = write_inputs(tmp_path, ["cat", "dog"])
    (tmp_path / "alone").mkdir()
    alone = replace(content, runs=content.runs[:1], comparison_dir=tmp_path / "alone")
    said = section(write_and_read(tmp_path / "report.html", alone))
    assert "This is the only run, so there is nothing to compare it with." in said
    assert "--recipes plain,dropout" in said
    for heading in ("Is the best run better", "what accuracy costs", "every run gets wrong"):
        assert heading not in said


def test_no_more_than_the_first_pictures_are_shown(tmp_path: Path) -> None:
    content = write_inputs(tmp_path, ["cat", "dog"])
    header = "path,label,runs,mean_probability,said_plain,said_wide"
    wrong = [[f"train/0_{n}.png", "cat", 2, n / 100, "dog", "fish"] for n in range(30)]
    write_table(content.comparison_dir / "always_wrong.csv", header.split(","), wrong)
    comparison = read_run_comparison(content.comparison_dir, content.pack_dir)
    assert [shown.path for shown in comparison.always_wrong] == [f"train/0_{n}.png" for n in range(MOST_SHOWN)]
    assert comparison.always_wrong[0].said == {"dog": ["plain"], "fish": ["wide"]}
    assert comparison.always_wrong_count == 30
    assert sum(len(shown.picture.uri) for shown in comparison.always_wrong) < 150_000


def test_the_stage_compares_what_it_is_given_and_finds_it_again(project: Project) -> None:
    project.settings["recipe:other"] = {"base": "quick", "seed": "3"}
    both = {"recipes": ("quick", "other")}
    assert "CompareRuns" in project.built(pipeline.CompareRuns, **both)
    found = project.home / "latest/comparison"
    assert [row["run"] for row in rows_of(found / "runs.csv")] == ["quick", "other"]
    said = json.loads((found / "comparison.json").read_text())
    assert said["p_value"] == pytest.approx(mcnemar(said["only_best"], said["only_runner_up"]))
    wrong = [
        {row["path"] for row in rows_of(project.home / f"latest/runs/{recipe}/evaluate/mistakes.csv")}
        for recipe in ("quick", "other")
    ]
    assert {row["path"] for row in rows_of(found / "always_wrong.csv")} == wrong[0] & wrong[1]
    assert {file.name for file in found.glob("*.png")} == {
        "curves.png",
        "accuracy_by_seconds.png",
        "accuracy_by_parameters.png",
    }
    assert project.built(pipeline.CompareRuns, recipes=("quick",)) == {"CompareRuns"}
    assert sorted(file.name for file in found.iterdir()) == ["runs.csv", "trace.json"]
    assert project.built(pipeline.CompareRuns, **both) == set()
