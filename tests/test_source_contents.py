"""The contents of a source decide the export: other ones are exported, the same ones are not, wherever they lie."""

import csv
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured
from PIL import Image

import pipeline
from pipeline.terminal.status import status_rows

pytestmark = pytest.mark.slow

SIDE_PIXELS = 8


@pytest.fixture
def pets(project: Project) -> Path:
    """The project's source folder, which is exported: 12 cats and 12 dogs of a few colours, all files of one size."""
    root = write_pets(project.folder / "pets", shade=0)
    use(project, root)
    project.built()
    return root


def write_pets(root: Path, shade: int) -> Path:
    """Writes 24 pictures whose files all have the same size and date."""
    for position, name in enumerate(("cat", "dog")):
        (root / name).mkdir(parents=True)
        for number in range(12):
            write_bitmap(root / name / f"{number}.bmp", shade + 100 * position + number)
            os.utime(root / name / f"{number}.bmp", (1e9, 1e9))
    return root


def write_bitmap(file: Path, grey: int) -> None:
    Image.fromarray(np.full((SIDE_PIXELS, SIDE_PIXELS, 3), grey, np.uint8)).save(file)


def use(project: Project, root: Path, **options: str) -> None:
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(root), "size": str(SIDE_PIXELS), **options}


def made(project: Project) -> set[str]:
    """Builds a pack; returns the stages that made a result rather than found one."""
    outcome = project.build()
    assert outcome.complete, [entry.error for entry in outcome.ran]
    return {entry.task.partition("_")[0] for entry in outcome.ran if entry.made_result}


def greys(project: Project) -> dict[str, int]:
    """Returns the grey of every picture by the source's file."""
    with (project.home / "latest/export/files.csv").open(newline="") as file:
        files = {row["number"]: row["file"] for row in csv.DictReader(file)}
    with (project.home / "export.csv").open(newline="") as file:
        rows = [(files[row["number"]], project.images / row["path"]) for row in csv.DictReader(file)]
    return {name: int(np.asarray(Image.open(path))[0, 0, 0]) for name, path in rows}


def repaint_in_place(file: Path) -> None:
    write_bitmap(file, 77)


def repaint_with_the_old_date(file: Path) -> None:
    stat = file.stat()
    write_bitmap(file, 77)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def put_another_in_its_place(file: Path) -> None:
    other = file.with_name("other")
    write_bitmap(other.with_suffix(".bmp"), 77)
    shutil.copystat(file, other.with_suffix(".bmp"))
    other.with_suffix(".bmp").rename(file)


@pytest.mark.parametrize("change", [repaint_in_place, repaint_with_the_old_date, put_another_in_its_place])
def test_a_file_of_the_same_name_and_size_with_another_content_is_exported(
    project: Project, pets: Path, change: object
) -> None:
    before, file = greys(project), pets / "cat/3.bmp"
    size = file.stat().st_size
    assert callable(change)
    change(file)
    assert file.stat().st_size == size
    assert "ExportImages" in made(project)
    assert greys(project) == {**before, "cat/3.bmp": 77}
    assert made(project) == set()


def test_another_folder_of_the_same_names_sizes_and_dates_is_exported(project: Project, pets: Path) -> None:
    before = greys(project)
    use(project, write_pets(project.folder / "others", shade=40))
    assert "ExportImages" in made(project)
    assert greys(project) == {name: grey + 40 for name, grey in before.items()}


def test_a_copy_of_the_folder_exports_nothing(project: Project, pets: Path) -> None:
    for place, copy in (("kept dates", shutil.copy2), ("new dates", shutil.copy)):
        use(project, Path(shutil.copytree(pets, project.folder / place, copy_function=copy)))
        assert made(project) == set()


def test_touched_files_are_read_and_export_nothing(
    project: Project, pets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for file in (pets / "cat").iterdir():
        file.touch()
    assert made(project) == set()
    assert "reading the source: 12 files" in capfd.readouterr().err
    assert project.ran() == set()
    assert "reading" not in capfd.readouterr().err


def test_status_names_the_changed_files_of_the_source_and_reads_none(
    project: Project, pets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_bitmap(pets / "cat/3.bmp", 77)
    with configured(project.settings):
        export = status_rows(pipeline.PackImages(dataset="tiny"))[0]
    assert (export.state, export.why) == ("stale", "1 source file may have changed: cat/3.bmp")
    assert "reading" not in capfd.readouterr().err


def test_edits_outlive_a_change_of_the_source(project: Project, pets: Path) -> None:
    picture = project.picture("cat", 5)
    picture.rename(project.images / "train/dog" / picture.name)
    write_bitmap(pets / "cat/3.bmp", 77)
    assert "ExportImages" in made(project)
    assert [row["words"] for row in project.table("edits.csv")] == [f"train/cat/{picture.name}: cat to dog"]


SPOILT = {
    "empty": b"",
    "not text": b"\xff\xfe\x00",
    "brackets": b"[" * 100_000,
    "a list": b'["head"]\n[]',
    "nested lists": b"%s\n[[[[1]]]]",
    "short rows": b'%s\n[["cat/3.bmp",1]]',
    "a number": b"%s\n7",
    "many brackets": b"%s\n" + b"[" * 100_000,
}


@pytest.mark.parametrize("content", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("cache", ["export/source-stat-cache", "index/stat-cache"])
def test_a_spoilt_cache_of_hashes_is_as_none(project: Project, pets: Path, cache: str, content: bytes) -> None:
    file = project.home / cache
    head = file.read_bytes().partition(b"\n")[0]
    file.write_bytes(content.replace(b"%s", head))
    (pets / "cat/3.bmp").touch()
    (project.picture("cat")).touch()
    assert made(project) == set()
    file.unlink()
    assert made(project) == set()


def test_other_archives_are_exported_and_the_same_ones_elsewhere_are_not(project: Project) -> None:
    project.built()
    archives = Path(project.settings["cifar"]["archives"])
    copy = shutil.copytree(archives, project.folder / "copy")
    project.settings["cifar"]["archives"] = str(copy)
    assert made(project) == set()
    batch = np.fromfile(copy / "data_batch_1.bin", np.uint8)
    batch[1:3073] = 200
    batch.tofile(copy / "data_batch_1.bin")
    assert "ExportImages" in made(project)
    assert (np.asarray(Image.open(project.picture("cat"))) == 200).all()
    project.settings["cifar"]["archives"] = str(archives)
    made(project)
    assert not (np.asarray(Image.open(project.picture("cat"))) == 200).all()


def test_an_archive_of_the_same_files_writes_no_picture_and_makes_nothing_else(project: Project) -> None:
    project.built()
    dates = {file: file.stat().st_mtime_ns for file in project.images.rglob("*.png")}
    folder = Path(project.settings["cifar"]["archives"])
    project.settings["cifar"]["archives"] = shutil.make_archive(
        str(project.folder / "mine"), "gztar", folder.parent, folder.name
    )
    assert made(project) == {"ExportImages"}
    assert {file: file.stat().st_mtime_ns for file in project.images.rglob("*.png")} == dates


def test_archives_or_a_keras_cache_that_went_undo_nothing_and_download_nothing(
    project: Project, tiny_archive: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    project.settings["cifar"]["archives"] = str(project.folder / "named")
    shutil.copytree(tiny_archive, project.folder / "named")
    project.built()
    (project.folder / "named").rename(project.folder / "aside")
    assert project.ran() == set()
    assert "named does not exist" in (told := capfd.readouterr().err)
    assert "the last export of it stands" in told
    keras = project.folder / "keras"
    monkeypatch.setenv("KERAS_HOME", str(keras))
    shutil.copytree(tiny_archive, keras / "datasets/cifar-10-batches-bin")
    del project.settings["cifar"]
    project.built()
    shutil.rmtree(keras)
    assert project.ran() == set()
    assert "holds no more of the files it was exported from; the last export" in capfd.readouterr().err
