"""Tests status, verify, prune and accept: what they print, and what they leave alone."""

import shutil
from pathlib import Path

import pytest
from conftest import Project
from verb_runs import Verbs

import pipeline
from datasets.errors import UserError

pytestmark = pytest.mark.slow


@pytest.fixture
def verbs(project: Project) -> Verbs:
    return Verbs(project)


def test_status_before_anything_was_built_says_so_and_builds_nothing(verbs: Verbs) -> None:
    status = verbs.status()
    assert status["ExportImages"] == "stale never built"
    assert status["PackImages"] == "waits for ExportImages, IndexImages, SplitImages"
    assert not verbs.project.images.exists()


def test_status_of_what_is_built_is_fresh_with_the_seconds_it_took(verbs: Verbs) -> None:
    verbs.project.build()
    for printed in verbs.status().values():
        assert printed.startswith("fresh")
        assert printed.endswith(" s")


def test_status_names_the_parameter_with_both_values(verbs: Verbs) -> None:
    verbs.project.build()
    verbs.project.settings["dataset:tiny"]["val_fraction"] = "0.3"
    assert "val_fraction: 0.2 -> 0.3" in verbs.status()["SplitImages"]
    assert verbs.status()["IndexImages"].startswith("fresh")


def test_status_names_the_pictures(verbs: Verbs) -> None:
    verbs.project.build()
    picture = verbs.project.picture("cat")
    picture.unlink()
    assert f"1 picture changed: train/cat/{picture.name}" in verbs.status()["IndexImages"]


def test_status_says_when_an_old_result_will_be_found_again(verbs: Verbs) -> None:
    verbs.project.build()
    verbs.project.settings["SplitImages"] = {"seed": "1"}
    verbs.project.build()
    del verbs.project.settings["SplitImages"]
    assert "seed: 1 -> 0; built before" in verbs.status()["SplitImages"]


def test_status_says_that_the_pictures_folders_are_missing(verbs: Verbs) -> None:
    verbs.project.build()
    shutil.rmtree(verbs.project.images)
    assert "images is missing" in verbs.status()["ExportImages"]


def test_status_says_that_a_result_is_gone(verbs: Verbs) -> None:
    verbs.project.build()
    shutil.rmtree((verbs.project.home / "latest/split").resolve())
    assert verbs.status()["SplitImages"].endswith("its result is gone")


def test_prune_leaves_what_waits_aside_whatever_it_is_called(verbs: Verbs) -> None:
    verbs.project.build()
    mine = verbs.project.home / "aside/train/cat.partial/mine.png"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    verbs.say("prune", "--yes")
    assert mine.exists()


def test_verify_finds_nothing_wrong_with_what_was_just_built(verbs: Verbs) -> None:
    verbs.project.build()
    assert "5 results checked, 0 files damaged" in verbs.say("verify")


def test_verify_names_every_damaged_missing_and_foreign_file(verbs: Verbs) -> None:
    verbs.project.build()
    pack = (verbs.project.home / "latest/pack").resolve()
    with (pack / "train_pixels.npy").open("r+b") as file:
        file.seek(500)
        file.write(b"\xff\x00")
    (pack / "classes.txt").unlink()
    (pack / "stray.txt").write_text("x")
    printed = verbs.say("verify", "--dataset", "tiny", exit_code=1)
    assert f"{pack.name}/train_pixels.npy: changed since it was made" in printed
    assert f"{pack.name}/classes.txt: missing" in printed
    assert f"{pack.name}/stray.txt: does not belong to this result" in printed
    shutil.rmtree(pack)
    assert verbs.project.built() == {"PackImages"}
    assert "0 files damaged" in verbs.say("verify")


def build_twice(project: Project) -> list[Path]:
    """Builds two splits and two packs. Returns those that latest/ no longer names."""
    project.build()
    old = [(project.home / "latest" / place).resolve() for place in ("split", "pack")]
    project.settings["SplitImages"] = {"seed": "1"}
    project.build()
    return old


def test_prune_lists_old_results_with_their_sizes_and_deletes_nothing(verbs: Verbs) -> None:
    old = build_twice(verbs.project)
    printed = verbs.say("prune")
    for folder in old:
        assert f"{folder.parent.name}/{folder.name}" in printed
        assert folder.exists()
    assert "in 2 folders; --yes deletes them" in printed


def test_prune_deletes_with_yes_and_never_the_pictures_or_the_latest(verbs: Verbs) -> None:
    old = build_twice(verbs.project)
    pictures = sorted(verbs.project.images.rglob("*"))
    (verbs.project.home / "pack" / f".{16 * '0'}.partial").mkdir()
    assert "MB deleted" in verbs.say("prune", "--yes")
    assert not any(folder.exists() for folder in old)
    assert not list(verbs.project.home.rglob("*.partial"))
    assert sorted(verbs.project.images.rglob("*")) == pictures
    assert verbs.project.ran() == set()
    assert "nothing to delete" in verbs.say("prune")


def test_a_data_set_without_results_is_named_with_the_nearest(verbs: Verbs) -> None:
    verbs.project.build()
    with pytest.raises(UserError, match="did you mean 'tiny'"):
        verbs.say("prune", "--dataset", "tyni")


@pytest.fixture
def changed_code(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Returns a project whose split was built by other code: its key has one more module now."""
    project.build()
    monkeypatch.setattr(pipeline.SplitImages, "unseen_code", ("datasets.naming:label_img",))
    return project


def test_status_names_the_module_that_changed(changed_code: Project, verbs: Verbs) -> None:
    assert "changed code: datasets.naming (" in verbs.status()["SplitImages"]


def test_accept_makes_results_of_the_old_code_current_and_records_it(changed_code: Project, verbs: Verbs) -> None:
    printed = verbs.say("accept", "PackImages", "--dataset", "tiny")
    assert "SplitImages: accepted as it is now: datasets.naming (" in printed
    assert "1 recorded" in printed
    assert "SplitImages" in (changed_code.folder / "workspace/accepted.csv").read_text()
    assert verbs.status()["SplitImages"].startswith("fresh")
    assert changed_code.ran() == set()


def test_accepting_a_second_change_makes_the_same_results_current_again(
    changed_code: Project, verbs: Verbs, monkeypatch: pytest.MonkeyPatch
) -> None:
    verbs.say("accept", "PackImages", "--dataset", "tiny")
    changed_code.settings["SplitImages"] = {"seed": "1"}
    assert changed_code.built() == {"SplitImages", "PackImages"}
    monkeypatch.setattr(
        pipeline.SplitImages, "unseen_code", ("datasets.naming:label_img", "models.model_digest:content_digest")
    )
    assert "1 recorded" in verbs.say("accept", "PackImages", "--dataset", "tiny")
    assert changed_code.ran() == set()
    del changed_code.settings["SplitImages"]
    assert changed_code.built() == set(), "what was accepted before stays accepted"


def test_prune_never_looks_into_the_pictures_folders(verbs: Verbs) -> None:
    verbs.project.build()
    kept = [verbs.project.images / "train/cat/.old.outdated", verbs.project.images / ".sorting.partial"]
    for folder in kept:
        folder.mkdir()
    verbs.say("prune", "--yes")
    assert all(folder.exists() for folder in kept)


def test_accept_leaves_what_is_stale_for_another_reason(verbs: Verbs) -> None:
    verbs.project.build()
    verbs.project.settings["SplitImages"] = {"seed": "1"}
    assert "no stage is stale by its code" in verbs.say("accept", "PackImages", "--dataset", "tiny")
    assert verbs.project.built() == {"SplitImages", "PackImages"}


def test_a_workspace_of_a_newer_version_is_refused_and_left_alone(verbs: Verbs) -> None:
    verbs.project.build()
    (verbs.project.folder / "workspace/.pigeonhole").write_text("99\n")
    verbs.project.picture("cat").unlink()
    assert "newer version" in verbs.project.error()
    assert (verbs.project.home / "latest/index/index.csv").read_text().count("\n") == 37
