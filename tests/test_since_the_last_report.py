"""The changes that a report tells since the last one, in a sequence of real runs on tiny pictures."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Project
from page_inputs import ReadPage

import pipeline
from pipeline.terminal.housekeeping import leftovers

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
ROOMS = ("datasets", "models", "pipeline", "reports")


def report(project: Project, **parameters: Any) -> dict[str, Any]:
    """Builds a report and returns what it says about the one before."""
    project.built(pipeline.FullReport, **{"recipes": ("quick",), **parameters})
    since: dict[str, Any] = json.loads((project.home / "latest/report/since.json").read_text())
    return since


def folder(project: Project) -> Path:
    return (project.home / "latest/report").resolve()


def glance(project: Project) -> str:
    section = (folder(project) / "report.html").read_text().split('<section id="glance"')[1].split("</section>")[0]
    return " ".join(ReadPage(section).text.split())


def contents(project: Project) -> dict[str, str]:
    trace: dict[str, dict[str, str]] = json.loads((folder(project) / "trace.json").read_text())
    return trace["contents"]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> Project:
    project = Project(tmp_path_factory.mktemp("first"), tiny_archive)
    assert report(project) == {"compared": "first"}
    return project


@pytest.fixture
def project(first: Project, tmp_path: Path) -> Project:
    """A copy of a project with its first report."""
    shutil.copytree(first.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Project(tmp_path, Path(first.settings["cifar"]["archives"]))


def move_a_test_picture(project: Project) -> Path:
    picture = project.picture("cat", subset="test")
    return picture.rename(project.images / "test/dog" / picture.name)


def test_the_first_report_says_that_it_is_the_first(project: Project) -> None:
    assert "This is the first report of this data set" in glance(project)


def test_a_moved_picture_is_told_and_moving_it_back_finds_the_old_words(project: Project) -> None:
    before = folder(project)
    words = {file.name: file.read_bytes() for file in before.iterdir()}
    moved = move_a_test_picture(project)
    since = report(project)
    assert since["report"] == before.name
    assert since["changes"] == [["moved", "cat", "dog", 1]]
    assert since["options"] == since["came"] == since["went"] == []
    told = glance(project)
    assert "1 moved: cat to dog." in told
    assert "test/dog" in told
    assert "The test pictures changed: 5 are in both reports under the same label (of 6 then, 6 now)" in told
    moved.rename(project.images / "test/cat" / moved.name)
    assert report(project) == {"compared": "first"}
    assert folder(project) == before
    assert {file.name: file.read_bytes() for file in before.iterdir()} == words


def test_a_changed_option_and_a_new_recipe_are_told_with_what_flipped(project: Project) -> None:
    project.settings["recipe:quick"]["learning_rate"] = "0.1"
    project.settings["recipe:other"] = {"base": "plain", "epochs": "1", "batch_size": "8", "seed": "3"}
    since = report(project, recipes=("quick", "other"))
    assert since["options"] == [["quick", "learning_rate", 0.001, 0.1]]
    assert (since["changes"], since["came"], since["went"]) == ([], ["other"], [])
    run = since["runs"]["quick"]
    assert run["shared"] == 6
    assert (run["gained"] - run["lost"]) / 6 == pytest.approx(run["now"][0] - run["was"][0])
    told = glance(project)
    assert "quick: learning_rate 0.001 → 0.1." in told
    assert "New: other." in told
    assert report(project, recipes=("other",))["went"] == ["quick"]


def test_a_report_made_again_from_the_same_facts_says_the_same_also_after_the_old_one_was_pruned(
    project: Project,
) -> None:
    before = folder(project)
    move_a_test_picture(project)
    since = report(project)
    compared, told = folder(project), glance(project)
    for old in leftovers(project.home, used=set()):
        shutil.rmtree(old.folder)
    assert not before.exists()
    assert report(project, mistakes=3) == since
    assert folder(project) != compared
    assert glance(project) == told


def test_where_the_last_report_was_deleted_there_is_nothing_to_compare_with(project: Project) -> None:
    move_a_test_picture(project)
    report(project)
    digests = contents(project)
    gone = folder(project)
    shutil.rmtree(gone)
    assert report(project) == {"compared": "gone", "report": gone.name}
    assert "was deleted, so there is nothing to compare with" in glance(project)
    assert contents(project) == digests


def test_a_report_of_a_version_that_kept_nothing_is_said_to_be_that(project: Project) -> None:
    (folder(project) / "facts.json").write_text("{}")
    move_a_test_picture(project)
    assert report(project)["compared"] == "kept nothing"


def test_a_changed_template_alone_makes_the_page_again_and_says_the_same(project: Project) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, project.folder / "code" / room, ignore=shutil.ignore_patterns("__pycache__"))
    move_a_test_picture(project)
    since, told = report(project), glance(project)
    with (project.folder / "code/reports/templates/sections/counts.html").open("a") as template:
        template.write("<p>Another template</p>\n")
    words = ("FullReport", "--local-scheduler", "--dataset", "tiny", "--recipes", "quick")
    printed = subprocess.run(
        [sys.executable, "-m", "luigi", "--module", "pipeline", *words],
        cwd=project.write_settings(),
        env=os.environ | {"PYTHONPATH": str(project.folder / "code")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "1 built (FullReport)" in printed
    assert "Another template" in (folder(project) / "report.html").read_text()
    assert json.loads((folder(project) / "since.json").read_text()) == since
    assert glance(project) == told


def test_history_is_in_no_key(project: Project) -> None:
    move_a_test_picture(project)
    assert report(project)["compared"] == "with"
    key, digests = folder(project).name, contents(project)
    shutil.rmtree(project.home / "report")
    (project.home / "latest/report").unlink()
    assert report(project) == {"compared": "first"}
    assert (folder(project).name, contents(project)) == (key, digests)
