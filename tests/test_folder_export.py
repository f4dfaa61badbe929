"""A folder of the user's own goes the whole way: exported once, never written to, and not needed again after that."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured
from PIL import Image

import pipeline
from datasets.pictures import decode_picture
from datasets.tables import read_rejected

pytestmark = pytest.mark.slow

SIDE_PIXELS = 32


@pytest.fixture
def pets(project: Project) -> Path:
    """The project's source folder: 24 cats, 12 dogs and 6 foxes to train, two of each to test, none of them square."""
    root = project.folder / "pets"
    random = np.random.default_rng(1)
    for subset, counts in (("train", (24, 12, 6)), ("test", (2, 2, 2))):
        (root / subset).mkdir(parents=True)
        for shade, name, count in zip((40, 120, 200), ("cat", "dog", "fox"), counts, strict=True):
            for number in range(count):
                pixels = random.integers(shade, shade + 50, (50, 70, 3), np.uint8)
                Image.fromarray(pixels).save(root / subset / f"{name}.{number}.png")
    use(project, root)
    return root


def use(project: Project, root: Path, **options: str) -> None:
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(root), "size": str(SIDE_PIXELS), **options}


def exported(project: Project) -> list[dict[str, str]]:
    with (project.home / "export.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()}


def test_pictures_are_exported_in_order_and_the_users_files_left_alone(project: Project, pets: Path) -> None:
    before = snapshot(pets)
    project.built()
    rows = exported(project)
    assert [rows[place]["path"] for place in (0, 24, 47)] == [
        "train/cat/0_00.png",
        "train/dog/1_24.png",
        "test/fox/2_47.png",
    ]
    source = decode_picture((pets / "train/cat.10.png").read_bytes(), SIDE_PIXELS, SIDE_PIXELS)
    assert np.array_equal(np.asarray(Image.open(project.images / "train/cat/0_10.png")), source)
    assert snapshot(pets) == before


def test_a_split_keeps_the_proportions_of_uneven_classes(project: Project, pets: Path) -> None:
    use(project, pets, val_fraction="0.25")
    project.built()
    with (project.home / "latest/split/split.csv").open() as file:
        counts = Counter((row["subset"], row["label"]) for row in csv.DictReader(file))
    assert_near([counts["val", label] for label in "012"], [6, 3, 2])
    assert [counts["test", label] for label in "012"] == [2, 2, 2]


def test_without_test_pictures_some_of_each_class_are_set_aside(project: Project, pets: Path) -> None:
    use(project, pets / "train", test_fraction="0.25", val_fraction="0.25")
    project.built()
    with (project.home / "latest/split/split.csv").open() as file:
        counts = Counter((row["subset"], row["label"]) for row in csv.DictReader(file))
    assert_near([counts["test", label] for label in "012"], [6, 3, 2])


def assert_near(counts: list[int], shares: list[int]) -> None:
    """Holds that shares are met about, each picture being drawn alone, and that no class goes without."""
    assert min(counts) >= 1
    assert all(abs(count - share) <= 2 for count, share in zip(counts, shares, strict=True))


def test_classes_given_are_taken_in_their_order(project: Project, pets: Path) -> None:
    use(project, pets, classes="fox,cat")
    project.built()
    assert {(row["label"], row["class"]) for row in exported(project)} == {("0", "fox"), ("1", "cat")}
    use(project, pets, classes="fox,catt")
    assert "there is no class 'catt': did you mean 'cat'?" in project.error()


def test_what_cannot_be_read_is_rejected_and_the_rest_goes_the_whole_way(project: Project, pets: Path) -> None:
    (pets / "train/cat.3.png").write_bytes(b"")
    (pets / "train/dog.99.jpg").write_text("meow")
    project.built()
    assert sorted(read_rejected(project.home / "latest/export/rejected.csv")) == [
        ("train/cat.3.png", "the file is empty", "source"),
        ("train/dog.99.jpg", "the file is not a picture", "source"),
    ]
    assert len(exported(project)) == 47


def test_after_the_export_the_source_may_be_gone_or_elsewhere(
    project: Project, pets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project.built()
    aside = pets.rename(project.folder / "aside")
    assert project.ran() == set()
    assert "pets cannot be read: No such file or directory" in (told := capfd.readouterr().err)
    assert "the last export of it stands" in told
    project.picture("cat").rename(project.images / "train/dog/0_00.png")
    assert "ExportImages" not in project.ran()
    use(project, aside)
    assert project.ran() == set()
    assert "stands" not in capfd.readouterr().err


def test_an_empty_folder_where_a_disk_was_undoes_nothing(project: Project, pets: Path) -> None:
    project.built()
    pets.rename(project.folder / "aside")
    pets.mkdir()
    assert project.ran() == set()


def test_settings_that_need_the_source_again_say_that_it_is_gone(project: Project, pets: Path) -> None:
    project.built()
    pets.rename(project.folder / "aside")
    use(project, pets, size="16")
    assert "[dataset:tiny]" in (message := project.error())
    assert "pets cannot be read" in message


@pytest.mark.parametrize("options", [{"size": "16"}, {"fit": "stretch"}, {"classes": "dog,cat"}])
def test_other_settings_export_other_pictures(project: Project, pets: Path, options: dict[str, str]) -> None:
    project.built()
    before = exported(project)
    use(project, pets, **options)
    assert "ExportImages" in project.built()
    assert exported(project)[0] != before[0]


def test_without_an_export_a_source_that_is_gone_is_told(project: Project) -> None:
    use(project, project.folder / "nowhere")
    with configured(project.settings):
        assert not pipeline.PackImages(dataset="tiny").complete()
    assert "nowhere cannot be read: No such file or directory" in project.error()


def test_files_added_to_the_source_are_exported(project: Project, pets: Path) -> None:
    project.built()
    Image.new("RGB", (50, 70), (0, 99, 0)).save(pets / "train/fox.6.png")
    assert "ExportImages" in project.built()
    assert len(exported(project)) == 49
    assert len(project.table("index.csv")) == 49


def test_what_lies_wrong_in_the_source_stops_the_run_though_it_was_exported(project: Project, pets: Path) -> None:
    project.built()
    (pets / "val").mkdir()
    (pets / "train/cat.0.png").rename(pets / "val/cat.0.png")
    assert "neither in train/ nor in test/: val/" in project.error()


def test_a_picture_added_to_the_folders_is_brought_to_size_as_the_others_were(project: Project, pets: Path) -> None:
    use(project, pets, fit="pad")
    project.built()
    Image.new("RGB", (60, 20), "black").save(project.images / "train/dog/mine.png")
    project.built()
    with (project.home / "latest/pack/pictures.csv").open() as file:
        rows = [(row["subset"], row["path"]) for row in csv.DictReader(file)]
    subset, path = next(row for row in rows if row[1] == "train/dog/mine.png")
    position = [row[1] for row in rows if row[0] == subset].index(path)
    pixels = np.load(project.home / f"latest/pack/{subset}_pixels.npy")[position]
    assert pixels[0].min() == 255
    assert pixels[SIDE_PIXELS // 2].max() == 0


@pytest.mark.parametrize(
    ("path", "message"), [("workspace/tiny", "in the workspace"), (".", "which holds the workspace")]
)
def test_the_workspace_is_no_source(project: Project, pets: Path, path: str, message: str) -> None:
    project.built()
    use(project, project.folder / path)
    assert message in project.error()


def test_a_relative_path_counts_from_where_the_command_runs(project: Project, pets: Path) -> None:
    use(project, Path("pets"))
    run = project.luigi("ExportImages", "--dataset", "tiny")
    assert run.returncode == 0, run.stderr
    assert len(exported(project)) == 48


def test_what_decides_an_export_of_another_source_is_what_always_did() -> None:
    with configured({"dataset:coarse": {"source": "cifar100", "labels": "coarse", "classes": "fish,trees"}}):
        key_parameters = pipeline.ExportImages(dataset="coarse").key_parameters()
    assert key_parameters == {"source": "cifar100", "classes": ["fish", "trees"], "labels": "coarse"}
