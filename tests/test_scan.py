"""A look at the folders meets links in circles and folders it may not read: it names them and goes on."""

from pathlib import Path

import pytest
from conftest import Project
from ordinary_user import by_ordinary_user

from datasets.folders import FolderListing, list_images


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The image folders of two classes with a picture each."""
    for place in ("train/cat", "train/dog"):
        (tmp_path / "images" / place).mkdir(parents=True)
        (tmp_path / "images" / place / "1.png").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    return Path("images")


def list_with(mode: int, folder: Path) -> FolderListing:
    """Returns what a user other than root sees while a folder has these permissions."""
    folder.chmod(mode)
    try:
        return by_ordinary_user(lambda: list_images(Path("images")))
    finally:
        folder.chmod(0o755)


def test_folders_anybody_may_read_are_listed_whole(images: Path) -> None:
    listing = list_with(0o755, images)
    assert sorted(listing.stats) == ["train/cat/1.png", "train/dog/1.png"]
    assert listing.unreadable == {}


@pytest.mark.parametrize("mode", [0o000, 0o644], ids=["closed", "without a way in"])
def test_a_class_folder_that_cannot_be_read_is_named_and_the_others_are_listed(images: Path, mode: int) -> None:
    listing = list_with(mode, images / "train/cat")
    assert listing.unreadable == {"train/cat": "this folder cannot be read: Permission denied"}
    assert list(listing.stats) == ["train/dog/1.png"]


def test_a_subset_folder_that_cannot_be_read_is_named(images: Path) -> None:
    listing = list_with(0o000, images / "train")
    assert listing.unreadable == {"train": "this folder cannot be read: Permission denied"}


def test_an_images_folder_that_cannot_be_read_is_not_an_empty_one(images: Path) -> None:
    listing = list_with(0o000, images)
    assert listing.unreadable == {"": "this folder cannot be read: Permission denied"}
    assert listing.signature != FolderListing().signature


def test_links_in_circles_are_rejected_like_files_and_stop_nothing(exported: Project) -> None:
    for place in ("train/loop", "loop"):
        (exported.images / place).symlink_to("loop")
    (exported.images / "test/nowhere").symlink_to("gone")
    rejected = {row["path"]: row["reason"] for row in exported.table("rejected.csv")}
    assert list(rejected) == ["loop", "test/nowhere", "train/loop"]
    assert set(rejected.values()) == {
        "a link that leads nowhere: Too many levels of symbolic links",
        "a link that leads nowhere: No such file or directory",
    }
    assert len(exported.table("index.csv")) == 36


def test_folders_that_went_meanwhile_are_no_error(tmp_path: Path) -> None:
    assert list_images(tmp_path / "gone") == FolderListing()
