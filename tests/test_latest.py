"""The links in `latest/`, and what is complete: healed, never confused by another command, true to the disk."""

import shutil

import luigi
import pytest
from conftest import Project, configured

import pipeline
from pipeline.engine import invocation

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("place", ["export", "index", "split", "pack"])
def test_a_lost_link_of_latest_is_made_again(project: Project, place: str) -> None:
    project.build()
    link = project.home / "latest" / place
    before = link.resolve()
    link.unlink()
    project.built()
    assert link.resolve() == before


def test_latest_names_what_a_finished_task_stands_on_even_where_nothing_is_built(project: Project) -> None:
    project.build()
    first = (project.home / "latest/split").resolve()
    project.settings["SplitImages"] = {"seed": "1"}
    project.build(pipeline.SplitImages)
    del project.settings["SplitImages"]
    assert project.built() == set()
    assert (project.home / "latest/split").resolve() == first


def test_a_copy_of_the_workspace_with_folders_for_links_is_healed_and_loses_nothing(project: Project) -> None:
    project.build()
    copy = project.folder / "copy"
    shutil.copytree(project.folder / "workspace", copy, symlinks=False)
    project.settings["paths"]["workspace"] = str(copy)
    project.settings["SplitImages"] = {"seed": "1"}
    assert project.build().complete
    assert (copy / "tiny/latest/split").is_symlink()
    assert [path for path in (copy / "tiny/latest").iterdir() if path.name.startswith("split-copied")]


@pytest.mark.parametrize("file", ["pack/train_pixels.npy", "index/edits.csv", "split/trace.json"])
def test_a_deleted_file_of_a_result_has_it_built_again(project: Project, file: str) -> None:
    project.build()
    (project.home / "latest" / file).unlink()
    assert len(project.built()) == 1
    assert (project.home / "latest" / file).exists()


def test_another_command_that_points_latest_elsewhere_does_not_break_a_run_under_way(project: Project) -> None:
    project.build()
    project.settings["SplitImages"] = {"seed": "1"}
    other = project.build(pipeline.PackImages)
    assert other.complete
    elsewhere = (project.home / "latest/split").readlink()
    del project.settings["SplitImages"]
    with configured(project.settings), invocation.separate():
        split, pack = pipeline.SplitImages(dataset="tiny"), pipeline.PackImages(dataset="tiny")
        luigi.build([split], local_scheduler=True)
        link = project.home / "latest/split"
        link.unlink()
        link.symlink_to(elsewhere)
        assert split.complete(), "it was built here"
        assert luigi.build([pack], local_scheduler=True)
        assert pack.complete()


def test_outside_a_run_every_question_is_answered_again(project: Project) -> None:
    project.build()
    with configured(project.settings):
        task = pipeline.PackImages(dataset="tiny")
        assert task.complete()
        project.picture("cat").unlink()
        assert not task.complete()
        assert luigi.build([task], local_scheduler=True)
        assert task.complete()


def test_a_command_started_from_another_run_sees_the_pictures_as_they_are(project: Project) -> None:
    project.build()
    with invocation.separate(), configured(project.settings):
        assert pipeline.PackImages(dataset="tiny").complete()
        project.picture("cat").unlink()
        run = project.luigi("PackImages", "--dataset", "tiny")
    assert "1 deleted" in run.stdout
