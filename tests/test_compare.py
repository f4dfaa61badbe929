"""Tests `compare`: its statistics by the published formulas, and what it prints of pictures that two runs differ on."""

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured
from verb_runs import Verbs

import pipeline
from datasets.errors import UserError
from datasets.tables import write_rows
from models.evaluation.comparison import compare, difference_interval, mcnemar

CLASSES = ("cat", "dog")


def write_evaluation(folder: Path, rows: Sequence[tuple[str, int, int]], by_views: Sequence[int] = ()) -> Path:
    """Writes an evaluation's tables from rows of path, label and predicted label. Returns their folder."""
    folder.mkdir()
    header = ["path", "label", "predicted", *(f"p_{name}" for name in CLASSES), "loss"]
    averaged = [[guess] for guess in by_views] or [[]] * len(rows)
    printed = [[*row, 0.5, 0.5, 0.7, *other] for row, other in zip(rows, averaged, strict=True)]
    write_rows(folder / "predictions.csv", header + ["predicted_tta"] * bool(by_views), printed)
    write_rows(folder / "per_class.csv", ("class", "count"), [(name, 1) for name in CLASSES])
    return folder


def test_many_flips_are_tested_by_mcnemars_formula() -> None:
    # The 1,600 voters of Agresti's Categorical Data Analysis: 150 changed one way, 86 the other.
    chi_squared = 17.3559
    assert mcnemar(150, 86) == pytest.approx(math.erfc(math.sqrt(chi_squared / 2)), rel=1e-4)
    assert mcnemar(150, 86) == pytest.approx(3.1e-5, rel=0.01)
    assert mcnemar(86, 150) == mcnemar(150, 86)
    assert mcnemar(20, 20) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(1, 9, 22 / 1024), (0, 5, 2 / 32), (3, 3, 1), (0, 0, 1), (0, 1, 1), (2, 12, 212 / 2**14)],
)
def test_few_flips_are_counted_out_by_the_binomial(one: int, other: int, expected: float) -> None:
    assert mcnemar(one, other) == pytest.approx(expected)
    assert mcnemar(other, one) == pytest.approx(expected)


def test_the_interval_of_many_pictures_is_the_published_one() -> None:
    assert difference_interval(150, 86, 1600) == pytest.approx((0.0213, 0.0587), abs=2e-4)


@pytest.mark.parametrize(("count", "most"), [(40, 0.99), (400, 0.97)])
def test_the_interval_holds_the_true_difference_as_often_as_it_should(count: int, most: float) -> None:
    draws = np.random.default_rng(1).multinomial(count, (0.1, 0.02, 0.88), size=4000)
    intervals = [difference_interval(first, second, count) for first, second, _ in draws.tolist()]
    assert 0.94 < np.mean([low <= 0.08 <= high for low, high in intervals]) < most


def test_only_pictures_that_both_judged_under_one_label_count(tmp_path: Path) -> None:
    first = write_evaluation(
        tmp_path / "a", [("1", 0, 0), ("2", 0, 1), ("3", 1, 1), ("moved", 0, 0), ("deleted", 1, 1)]
    )
    second = write_evaluation(tmp_path / "b", [("1", 0, 1), ("2", 0, 0), ("3", 1, 1), ("moved", 1, 1), ("added", 1, 0)])
    found = compare(first, second)
    assert (found.picture_count, found.left_out, found.right) == (3, 3, (2, 2))
    assert [(*flip, flip.right_in_first) for flip in found.flips] == [
        ("1", "cat", "cat", "dog", True),
        ("2", "cat", "dog", "cat", False),
    ]


def test_a_run_that_averages_views_is_judged_by_them(tmp_path: Path) -> None:
    first = write_evaluation(tmp_path / "a", [("1", 0, 1), ("2", 1, 1)], by_views=[0, 1])
    assert compare(first, write_evaluation(tmp_path / "b", [("1", 0, 1), ("2", 1, 1)])).right == (2, 1)


def test_a_picture_that_was_moved_and_tidied_in_between_is_left_out_once(tmp_path: Path) -> None:
    still = [("test/cat/0_1.png", 0, 0)]
    was = [("test/cat/0_7.png", 0, 0), ("test/cat/mine.png", 0, 0), ("test/dog/1_8.png", 1, 1)]
    now = [("test/dog/1_7.png", 1, 1), ("test/dog/mine.png", 1, 1)]
    more = [("test/cat/added.png", 0, 0), ("test/dog/added.png", 1, 1)]
    first, second = write_evaluation(tmp_path / "a", still + was), write_evaluation(tmp_path / "b", still + now + more)
    assert compare(first, second).left_out == compare(second, first).left_out == 5


def test_a_column_more_is_no_sign_of_averaged_views(tmp_path: Path) -> None:
    first, second = (write_evaluation(tmp_path / name, [("1", 0, 1)], by_views=[0]) for name in "ab")
    table = first / "predictions.csv"
    table.write_text(table.read_text().replace("predicted_tta", "seconds"))
    assert compare(first, second).right == (0, 1)


def test_runs_without_a_picture_in_common_are_refused(tmp_path: Path) -> None:
    first, second = (write_evaluation(tmp_path / name, [(name, 0, 0)]) for name in "ab")
    with pytest.raises(UserError, match="no test picture in common"):
        compare(first, second)


@pytest.fixture
def verbs(project: Project, monkeypatch: pytest.MonkeyPatch) -> Verbs:
    monkeypatch.chdir(project.folder)
    return Verbs(project)


def folders(project: Project, only_first: int, only_second: int) -> list[str]:
    """Writes two evaluations of 100 pictures, so many of them right in one only. Returns their folders."""
    for name, wrong in (("a", range(only_second)), ("b", range(50, 50 + only_first))):
        write_evaluation(project.folder / name, [(f"test/cat/{n}\n.png", 0, int(n in wrong)) for n in range(100)])
    return [str(project.folder / name) for name in "ab"]


def test_the_better_of_two_is_named_and_every_flip_is_in_the_table(verbs: Verbs) -> None:
    first, second = folders(verbs.project, only_first=12, only_second=2)
    printed = verbs.say("compare", first, second)
    assert f"verdict    the model of {first} beats that of {second}" in printed
    assert "+10.0 points" in printed
    assert f"12 right with {first} only, 2 with {second} only" in printed
    assert f"cat; {second} says dog" in printed
    assert "and 2 more" in printed
    with (verbs.project.folder / "flips.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 14
    assert {"path": "test/cat/0\n.png", "class": "cat", "first": "dog", "second": "cat", "right": "second"} in rows


def test_a_difference_that_may_be_chance_is_said_to_be_one(verbs: Verbs) -> None:
    first, second = folders(verbs.project, only_first=5, only_second=4)
    assert "these pictures do not show which is better" in verbs.say("compare", first, second)


def test_no_table_is_written_over_whoever_wrote_it(verbs: Verbs) -> None:
    theirs, folder = verbs.project.folder / "flips.csv", verbs.project.folder
    theirs.write_text("my,own\n")
    two = folders(verbs.project, 1, 1)
    assert "written    flips-2.csv  flips.csv was there already" in verbs.say("compare", *two)
    changed = folder / "flips-2.csv"
    changed.write_text(changed.read_text() + "my note\n")
    assert "written    flips-3.csv" in verbs.say("compare", *two)
    assert theirs.read_text() == "my,own\n"
    assert changed.read_text().endswith("my note\n")
    assert "written    ours.csv\n" in verbs.say("compare", *two, "--output", "ours.csv")
    with pytest.raises(UserError, match=r"ours.csv exists; move it, or name another file"):
        verbs.say("compare", *two, "--output", "ours.csv")


def test_a_folder_with_what_predict_wrote_is_no_evaluation(verbs: Verbs) -> None:
    (verbs.project.folder / "predictions.csv").write_text("path,predicted,probability\na.png,cat,0.9\n")
    with pytest.raises(UserError, match="holds no evaluation: name a recipe"):
        verbs.say("compare", str(verbs.project.folder), "plain", "--dataset", "tiny")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--recipe", "plain"), "compare: there is no option '--recipe'"),
        (("--EvaluateModel-recipe=plain",), "compare: there is no option '--EvaluateModel-recipe'"),
        (("--dataset", "tyni"), "there is no data set 'tyni': did you mean 'tiny'"),
        (("--dataset=", "--output=ours.csv"), "there is no data set ''"),
        (("--TrainModel-epochs", "banana"), "epochs = banana is not valid"),
        (("--output=", "--dataset", "tiny"), "no file can be written there"),
    ],
)
def test_an_option_that_cannot_count_is_refused_even_between_two_folders(
    verbs: Verbs, words: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        verbs.say("compare", *folders(verbs.project, 1, 1), *words)
    assert not list(verbs.project.folder.glob("*.csv"))


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("plain:epoch=4", "plain:epoch=4: there is no option 'epoch': did you mean 'epochs'?"),
        ("plain:epochs", "plain:epochs: say which epochs, as in plain:epochs=4"),
        ("plain:epochs=4,", "plain:epochs=4,: there is no option ''"),
        ("plain:epochs=none", "epochs = none is not valid"),
        ("plian:epochs=4", "there is no recipe 'plian': did you mean 'plain'?"),
    ],
)
def test_settings_that_no_run_can_have_are_refused(verbs: Verbs, run: str, message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        verbs.say("compare", run, folders(verbs.project, 1, 1)[0])


@pytest.fixture
def evaluated(verbs: Verbs) -> Verbs:
    """Evaluates two recipes after one epoch, each from two seeds; then the first one after two epochs too."""
    verbs.project.settings["recipe:other"] = verbs.project.settings["recipe:quick"] | {"dense_dropout": "0.3"}
    for recipe in ("quick", "other"):
        verbs.project.built(pipeline.CompareRuns, recipes=recipe, seeds=2)
    with configured(verbs.project.settings | {"TrainModel": {"epochs": "2"}}):
        pipeline.build(pipeline.EvaluateModel(dataset="tiny", recipe="quick"))
    return verbs


@pytest.mark.slow
def test_what_is_compared_was_trained_last_or_is_asked_for_and_never_a_mix(evaluated: Verbs) -> None:
    tiny = ("--dataset", "tiny")
    last = evaluated.say("compare", "quick", "other", *tiny)
    assert re.search(r"run        quick  .*  2 epochs, seed 0", last)
    assert re.search(r"run        other  .*  1 epoch, seed 0", last)
    assert "stale      quick" in last, "the settings say one epoch"
    assert "seeds" not in last, "the further seeds of the first had other settings"
    asked = evaluated.say("compare", "quick", "other", *tiny, "--TrainModel-epochs", "1")
    assert asked.count("1 epoch, seed 0") == 2
    assert "stale" not in asked
    assert "over 2, other" in asked
    with pytest.raises(UserError, match=r"other has not been evaluated on tiny yet, or not since .*epochs 2 .*` does"):
        evaluated.say("compare", "quick", "other", *tiny, "--TrainModel-epochs", "2")


@pytest.mark.slow
def test_one_recipe_is_compared_at_two_settings(evaluated: Verbs) -> None:
    printed = evaluated.say("compare", "quick:epochs=2", "quick:epochs=1,batch_size=8", "--dataset", "tiny")
    assert printed.startswith("quick:epochs=2 against quick:epochs=1,batch_size=8 on 6 test pictures")
    assert re.search(r"run        quick:epochs=2 .*  2 epochs, seed 0", printed)
    assert re.search(r"run        quick:epochs=1,batch_size=8  .*  1 epoch, seed 0", printed)
    assert "stale" not in printed
    with pytest.raises(UserError, match=r"quick:seed=7 has not been evaluated on tiny yet, .*seed=7` does that"):
        evaluated.say("compare", "quick", "quick:seed=7", "--dataset", "tiny")


@pytest.mark.slow
def test_a_run_is_not_compared_with_itself_and_the_others_of_its_recipe_are_named(evaluated: Verbs) -> None:
    with pytest.raises(UserError, match="quick and quick:epochs=2 are the same run") as refusal:
        evaluated.say("compare", "quick", "quick:epochs=2", "--dataset", "tiny")
    other = re.search(r"^  (\S+)  1 epoch, seed 0, accuracy", str(refusal.value), re.MULTILINE)
    assert other
    assert "quick against" in evaluated.say("compare", "quick", other[1], "--dataset", "tiny")


@pytest.mark.slow
def test_a_run_of_older_pictures_is_compared_and_said_to_be_stale(evaluated: Verbs) -> None:
    project = evaluated.project
    old = (project.home / "latest/runs/other/evaluate").resolve()
    picture = project.picture("cat", subset="test")
    picture.rename(project.images / "test/dog" / picture.name)
    assert "stale      other" in evaluated.say("compare", "other", "quick", "--dataset", "tiny")
    project.built(pipeline.EvaluateModel, recipe="other")
    printed = evaluated.say("compare", str(old), "other", "--dataset", "tiny")
    assert "on 5 test pictures" in printed
    assert "left out   1 " in printed


def test_a_recipe_that_was_never_evaluated_is_named_with_the_command(verbs: Verbs) -> None:
    command = r"`python -m pipeline EvaluateModel --dataset tiny --recipe quick` does that"
    with pytest.raises(UserError, match=f"quick has not been evaluated on tiny yet. {command}"):
        verbs.say("compare", "quick", "plain", "--dataset", "tiny")
