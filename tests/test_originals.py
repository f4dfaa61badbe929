"""The source's own files, which a class folder may lead to by a link: no command ever changes one."""

import shutil
from pathlib import Path

import pytest
from conftest import Project
from picture_folder import paint_noise
from verb_runs import refusal_of, run_verb

import pipeline
from datasets.export import _write_picture
from datasets.png import encode_png
from datasets.sources.sample.sample_source import paint_sample

pytestmark = pytest.mark.slow


@pytest.fixture
def linked(project: Project) -> Path:
    """A source of files as the export writes them; a class folder of the pictures was replaced by a link into it."""
    root, pixels = project.folder / "pets", paint_sample().pixels
    for place, name in enumerate(("cat", "dog", "frog")):
        (root / name).mkdir(parents=True)
        for number in range(12):
            (root / name / f"{place}_{place * 12 + number:02}.png").write_bytes(encode_png(pixels[place * 50 + number]))
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(root), "size": "32"}
    project.built(pipeline.IndexImages)
    cats = project.images / "train/cat"
    for file in cats.iterdir():
        file.unlink()
    cats.rmdir()
    cats.symlink_to(root / "cat")
    project.table("index.csv")
    return root


def snapshot(root: Path) -> dict[str, tuple[bytes, int, int]]:
    return {str(f): (f.read_bytes(), f.stat().st_ino, f.stat().st_mtime_ns) for f in root.rglob("*") if f.is_file()}


@pytest.mark.parametrize("settings", [{"size": "16"}, {"classes": "dog,frog"}, {"classes": "frog,dog,cat"}])
def test_an_export_with_other_settings_touches_no_file_of_the_source(
    project: Project, linked: Path, settings: dict[str, str]
) -> None:
    before = snapshot(linked)
    project.settings["dataset:tiny"] |= settings
    message = project.error(pipeline.IndexImages)
    assert "train/cat leads to" in message
    assert "delete the link alone (rm " in message
    assert snapshot(linked) == before


def test_where_the_whole_subset_is_a_link_that_link_is_named_and_not_a_folder_of_the_source(
    project: Project, linked: Path
) -> None:
    (project.images / "train/cat").unlink()
    shutil.rmtree(project.images / "train")
    (project.images / "train").symlink_to(linked)
    before = snapshot(linked)
    project.settings["dataset:tiny"]["size"] = "16"
    assert f"(rm {project.images / 'train'})" in project.error(pipeline.IndexImages)
    assert snapshot(linked) == before


def test_a_source_that_grew_gets_no_file_through_a_link(project: Project, linked: Path) -> None:
    paint_noise(linked / "dog/new.png")
    before = snapshot(linked)
    assert "train/cat leads to" in project.error(pipeline.IndexImages)
    assert snapshot(linked) == before


def test_a_link_to_where_a_class_of_the_source_leads_is_a_link_into_the_source(project: Project, linked: Path) -> None:
    elsewhere = (linked / "cat").rename(project.folder / "elsewhere")
    (linked / "cat").symlink_to(elsewhere)
    (project.images / "train/cat").unlink()
    (project.images / "train/cat").symlink_to(elsewhere)
    before = snapshot(elsewhere)
    project.settings["dataset:tiny"]["size"] = "16"
    assert "train/cat leads to" in project.error(pipeline.IndexImages)
    assert snapshot(elsewhere) == before


def test_no_verb_moves_a_file_of_the_source(project: Project, linked: Path) -> None:
    edits = project.folder / "edits.csv"
    sha256 = next(row["sha256"] for row in project.table("index.csv") if row["path"] == "train/cat/0_00.png")
    (linked / "cat/0_03.png").rename(linked / "cat/2_03.png")
    edits.write_text(f"path,suggested,sha256\ntrain/cat/0_00.png,dog,{sha256}\n")
    before = snapshot(linked)
    for words in (("tidy", "--yes"), ("apply", str(edits), "--yes"), ("restore", "train/cat/0_03.png", "--yes")):
        assert "leads to" in refusal_of(project, *words), words
    assert snapshot(linked) == before


def test_no_undo_moves_a_file_into_or_out_of_the_source(project: Project, linked: Path) -> None:
    (project.images / "train/cat").unlink()
    dog = project.picture("dog")
    dog.rename(dog.with_name(f"0{dog.name[1:]}"))
    run_verb(project, "tidy", "--yes")
    folder = project.images / "train/cat"
    (tidied,) = folder.iterdir()
    tidied.rename(linked / "cat" / tidied.name)
    folder.rmdir()
    folder.symlink_to(linked / "cat")
    before = snapshot(linked)
    assert "leads to" in refusal_of(project, "undo", "--yes")
    assert snapshot(linked) == before


def test_a_torn_file_is_completed_in_place_and_never_through_a_link(tmp_path: Path) -> None:
    original = tmp_path / "original.png"
    original.write_bytes(b"")
    (tmp_path / "0_00.png").symlink_to(original)
    _write_picture(str(tmp_path / "0_00.png"), b"content")
    assert original.read_bytes() == b""
