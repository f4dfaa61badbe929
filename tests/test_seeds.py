"""A recipe trained from several seeds: found again one by one, kept apart, and told as mean and spread."""

import json
import re
import statistics
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, configured
from verb_runs import Verbs

import pipeline
from datasets.errors import UserError
from pipeline.engine import invocation
from pipeline.terminal.closing_screen import closing_screen
from reports.spread import spread_of, spreads


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> Project:
    """A report of one seed, and then of two, which trains the second seed alone."""
    project = Project(tmp_path_factory.mktemp("seeds"), tiny_archive)
    project.settings["recipe:quick"]["tta"] = "mirror"
    project.built(pipeline.FullReport, recipes=("quick",))
    assert project.built(pipeline.FullReport, recipes=("quick",), seeds=2) == {
        "TrainModel",
        "EvaluateModel",
        "CompareRuns",
        "FullReport",
    }
    return project


def metrics(project: Project, place: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.home / f"latest/runs/quick/{place}evaluate/metrics.json").read_text())
    return found


def model(project: Project, place: str) -> str:
    trace = json.loads((project.home / f"latest/runs/{place}/train/trace.json").read_text())
    digest: str = trace["contents"]["model.keras"]
    return digest


def test_the_spread_is_that_of_a_sample() -> None:
    values = [0.3, 0.9, 0.6]
    assert spread_of(values) == pytest.approx((statistics.mean(values), statistics.stdev(values), 0.3, 0.9))
    assert spreads([{"accuracy": 0.5, "loss": 1, "f1_macro": 0.4, "train_seconds": 3}]) == {}


def test_each_repeat_is_trained_from_the_next_seed_after_whichever_is_set(project: Project) -> None:
    project.settings["recipe:quick"]["seed"] = "4"
    with configured(project.settings):
        assert [pipeline.TrainModel(recipe="quick", repeat=n).resolved.seed for n in (0, 1, 2)] == [4, 5, 6]
        project.settings["TrainModel"] = {"seed": "70"}
    with configured(project.settings):
        assert [pipeline.TrainModel(recipe="quick", repeat=n).resolved.seed for n in (0, 1)] == [70, 71]


@pytest.mark.parametrize("seeds", [0, 101])
def test_a_number_of_seeds_that_will_not_do_is_refused(seeds: int) -> None:
    with pytest.raises(UserError, match="a whole number from 1 to 100"):
        pipeline.FullReport(seeds=seeds)


@pytest.mark.slow
def test_each_seed_gives_a_model_of_its_own(seeded: Project) -> None:
    assert (metrics(seeded)["seed"], metrics(seeded, "repeats/1/")["seed"]) == (0, 1)
    assert model(seeded, "quick") != model(seeded, "quick/repeats/1")


@pytest.mark.slow
def test_asking_for_fewer_finds_everything_again(seeded: Project) -> None:
    assert seeded.built(pipeline.FullReport, recipes=("quick",)) == set()
    assert seeded.built(pipeline.FullReport, recipes=("quick",), seeds=2) == set()


@pytest.mark.slow
def test_the_page_gives_mean_and_spread_of_what_each_seed_achieved(seeded: Project) -> None:
    page = (seeded.home / "latest/report/report.html").read_text()
    of_seeds = [metrics(seeded), metrics(seeded, "repeats/1/")]
    for name, scale, form in (("accuracy", 100, "{:.1f}%"), ("accuracy_tta", 100, "{:.1f}%"), ("loss", 1, "{:.3f}")):
        values = [scale * of_seed[name] for of_seed in of_seeds]
        deviation = form.replace("%", "").format(statistics.stdev(values))
        assert f"{form.format(statistics.mean(values))} ± {deviation}" in page
        assert f"{form.format(min(values))} to {form.format(max(values))}" in page
    assert f"quick names <strong>{statistics.mean(of_seed['accuracy'] for of_seed in of_seeds):.1%}" in page


@pytest.mark.slow
def test_the_screen_gives_the_mean_and_counts_the_trainings(seeded: Project) -> None:
    with configured(seeded.settings), invocation.separate():
        said = "\n".join(closing_screen(pipeline.FullReport(dataset="tiny", recipes=("quick",), seeds=2)))
    mean = statistics.mean(metrics(seeded, place)["accuracy"] for place in ("", "repeats/1/"))
    assert f"{mean:.1%}  quick  (mean of 2 seeds, standard deviation" in said


@pytest.mark.slow
def test_the_verbs_know_where_repeats_are_kept(seeded: Project) -> None:
    verbs = Verbs(seeded)
    status = verbs.say("status", "FullReport", "--dataset", "tiny", "--recipes", "quick", "--seeds", "2")
    assert re.search("EvaluateModel quick repeat 1 +fresh", status)
    assert "0 files damaged" in verbs.say("verify")
    kept = [seeded.home / f"latest/runs/quick/repeats/1/{part}" for part in ("train", "evaluate")]
    verbs.say("prune", "--yes")
    assert all(link.exists() for link in kept)
    damaged = kept[1].resolve() / "metrics.json"
    before = damaged.read_text()
    damaged.write_text("{}")
    assert "metrics.json: changed since" in verbs.say("verify", exit_code=1)
    damaged.write_text(before)
