"""Tests `restore`: it brings one picture back as it was exported."""

import os
from pathlib import Path

import pytest
from conftest import Project, configured, write_tiny_archive
from verb_runs import files_of, label_counts, paint, refusal_of, run_verb

import pipeline


@pytest.fixture
def path(exported: Project) -> str:
    """Returns the path of one exported picture."""
    return f"train/cat/{exported.picture('cat').name}"


def test_a_deleted_picture_is_written_again_byte_for_byte(exported: Project, path: str) -> None:
    before = files_of(exported)
    (exported.images / path).unlink()
    assert f"{path} brought back" in run_verb(exported, "restore", path)
    assert files_of(exported) == before
    assert "1 picture taken out" in run_verb(exported, "undo", "--yes")
    assert files_of(exported) == {name: content for name, content in before.items() if name != path}


def test_a_moved_picture_is_moved_back(exported: Project, path: str) -> None:
    before = files_of(exported)
    (exported.images / path).rename(exported.images / "test/frog/else.png")
    assert f"test/frog/else.png -> {path}" in run_verb(exported, "restore", path)
    assert files_of(exported) == before


def test_a_repainted_picture_makes_room_with_yes_and_is_kept_for_undo(exported: Project, path: str) -> None:
    before = files_of(exported)
    paint(exported, path)
    repainted = files_of(exported)
    assert "restore would move it away and keep it" in run_verb(exported, "restore", path)
    assert files_of(exported) == repainted
    run_verb(exported, "restore", path, "--yes")
    assert files_of(exported) == before
    run_verb(exported, "undo", "--yes")
    assert files_of(exported) == repainted


def test_a_file_that_is_no_picture_any_more_makes_room_too(exported: Project, path: str) -> None:
    before = files_of(exported)
    (exported.images / path).write_bytes(b"spoiled")
    run_verb(exported, "restore", path, "--yes")
    assert files_of(exported) == before


def test_two_pictures_that_swapped_places_are_told_apart(exported: Project, path: str) -> None:
    other = exported.picture("dog")
    cat, dog = (exported.images / path).read_bytes(), other.read_bytes()
    (exported.images / path).write_bytes(dog)
    other.write_bytes(cat)
    run_verb(exported, "restore", path, "--yes")
    assert (exported.images / path).read_bytes() == cat
    run_verb(exported, "undo", "--yes")
    assert ((exported.images / path).read_bytes(), other.read_bytes()) == (dog, cat)


def test_a_picture_in_its_place_is_said_to_be(exported: Project, path: str) -> None:
    assert f"{path} is in its place, as it was exported" in run_verb(exported, "restore", path)
    assert not (exported.home / "changes/journal").exists()


@pytest.mark.parametrize("typed", ["{workspace}/tiny/images/{path}", "images/{path}", "./{path}", "{relative}"])
def test_the_path_may_be_typed_as_the_shell_completes_it(
    exported: Project, path: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (exported.images / path).unlink()
    monkeypatch.chdir(exported.images)
    relative = os.path.join("..", "images", path)  # noqa: PTH118 - Path would not keep the dots
    run_verb(exported, "restore", typed.format(workspace=exported.home.parent, path=path, relative=relative))
    assert (exported.images / path).exists()


def test_a_path_tells_which_data_set_where_there_are_several(exported: Project, path: str, tiny_archive: Path) -> None:
    exported.settings["dataset:other"] = exported.settings["dataset:tiny"] | {"classes": "dog,cat"}
    with configured(exported.settings):
        assert pipeline.build(pipeline.ExportImages(dataset="other")).built
    (exported.images / path).unlink()
    run_verb(exported, "restore", str(exported.images / path))
    assert (exported.images / path).exists()


def test_a_mistyped_path_names_the_nearest(exported: Project, path: str) -> None:
    message = refusal_of(exported, "restore", path.replace("cat/0", "cat/O"))
    assert f"did you mean '{path}'" in message


def test_a_source_that_gives_another_picture_now_is_not_taken_for_it(
    exported: Project, path: str, tmp_path: Path
) -> None:
    (exported.images / path).unlink()
    archive = tmp_path / "other" / "cifar-10-batches-bin"
    archive.parent.mkdir()
    write_tiny_archive(archive)
    for batch in archive.iterdir():
        content = bytearray(batch.read_bytes())
        content[1::3073] = bytes(value ^ 255 for value in content[1::3073])
        batch.write_bytes(content)
    exported.settings["cifar"]["archives"] = str(archive)
    assert "its source, or the settings of tiny, give another picture now" in refusal_of(exported, "restore", path)
    assert not (exported.images / path).exists()


def test_with_all_pictures_gone_it_is_the_export_that_brings_them_back(exported: Project, path: str) -> None:
    for file in exported.images.rglob("*.png"):
        file.unlink()
    assert "holds no pictures" in refusal_of(exported, "restore", path)


def test_a_restored_picture_is_no_edit_any_more(exported: Project, path: str) -> None:
    before = label_counts(exported)
    (exported.images / path).unlink()
    run_verb(exported, "restore", path)
    assert label_counts(exported) == before
    assert exported.table("edits.csv") == []
