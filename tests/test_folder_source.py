"""The folder as a source: which layouts are understood, in what order pictures are numbered, what is refused."""

import re
from pathlib import Path

import pytest
from ordinary_user import by_ordinary_user
from picture_folder import Labelled, lay_out, numbered

from datasets.errors import UserError
from datasets.sources.folder.file_names import stated_class
from datasets.sources.folder.folder_listing import list_folder
from datasets.sources.source import SourceGoneError


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["dog/a.png", "cat/b.png"], [("train", "cat", "cat/b.png"), ("train", "dog", "dog/a.png")]),
        (["dog.0.png", "cat.1.png"], [("train", "cat", "cat.1.png"), ("train", "dog", "dog.0.png")]),
        (
            ["train/cat/a.png", "train/dog/b.png", "test/cat/c.png"],
            [
                ("train", "cat", "train/cat/a.png"),
                ("train", "dog", "train/dog/b.png"),
                ("test", "cat", "test/cat/c.png"),
            ],
        ),
        (
            ["Test/dog.7.png", "TRAIN/cat.1.png", "TRAIN/dog.2.png"],
            [
                ("train", "cat", "TRAIN/cat.1.png"),
                ("train", "dog", "TRAIN/dog.2.png"),
                ("test", "dog", "Test/dog.7.png"),
            ],
        ),
        (
            ["train/cat/a.png", "train/dog/b.png"],
            [("train", "cat", "train/cat/a.png"), ("train", "dog", "train/dog/b.png")],
        ),
    ],
    ids=[
        "class folders",
        "flat names",
        "class folders in train and test",
        "flat names in Test and TRAIN",
        "train alone",
    ],
)
def test_every_layout_is_understood(tmp_path: Path, names: list[str], expected: Labelled) -> None:
    assert numbered(lay_out(tmp_path / "pets", names)) == expected


@pytest.mark.parametrize(
    ("name", "class_name"),
    [
        ("cat.0.jpg", "cat"),
        ("cat_12.png", "cat"),
        ("cat-3.jpg", "cat"),
        ("cat 7.webp", "cat"),
        ("cat12.JPEG", "cat"),
        ("cat (2).jpg", "cat"),
        ("cat.jpg", "cat"),
        ("great_pyrenees_104.jpg", "great_pyrenees"),
        ("n01440764_10026.JPEG", "n01440764"),
        ("猫.3.jpg", "猫"),
        ("a, b.3.jpg", "a, b"),
    ],
)
def test_a_flat_name_states_its_class_before_its_number(name: str, class_name: str) -> None:
    assert stated_class(name) == class_name


def test_numbers_within_names_count_as_numbers(tmp_path: Path) -> None:
    names = ["b10/x.png", "b2/x10.png", "b2/x2.png", "b2/x02.png", "b2/x1.png"]
    files = [file for _, _, file in numbered(lay_out(tmp_path / "pets", names))]
    assert files == ["b2/x1.png", "b2/x02.png", "b2/x2.png", "b2/x10.png", "b10/x.png"]


def test_pictures_are_numbered_alike_whatever_the_order_of_the_directory(tmp_path: Path) -> None:
    names = [f"{kind}.{zeros}{number}.png" for kind in ("cat", "dog") for number in range(12) for zeros in ("", "0")]
    forwards = numbered(lay_out(tmp_path / "a", names))
    assert forwards == numbered(lay_out(tmp_path / "b", reversed(names)))
    assert len(forwards) == 48
    assert [file for _, _, file in forwards][:3] == ["cat.0.png", "cat.00.png", "cat.01.png"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["cat/a.png", "dog.1.png"], "pets holds pictures (dog.1.png) as well as folders of them (cat/a.png)"),
        (["train/cat/a.png", "train/dog.1.png"], "pets/train holds pictures (train/dog.1.png) as well"),
        (["cat/a.png", "cat/b.png"], "pets holds pictures of one class alone, 'cat'"),
        (["IMG_1.png", "IMG_2.png"], "pets holds pictures of one class alone, 'IMG'"),
        (["1.png", "2.png"], "pets/1.png: this name does not begin with a class, as cat.0.jpg does"),
        (["cat/a.png", "dog/young/b.png"], "pets/dog/young holds pictures one folder too deep"),
        (["all/train/cat/a.png", "all/train/dog/a.png"], "pets/all/train holds pictures one folder too deep"),
        (["train/cat/a.png", "train/dog/b.png", "valid/cat/a.png"], "neither in train/ nor in test/: valid/."),
        (["train/cat.1.png", "train/dog.1.png", "test1/1.png"], "neither in train/ nor in test/: test1/."),
        (["train/cat.1.png", "train/dog.1.png", "dog.2.png"], "neither in train/ nor in test/: dog.2.png."),
        (["train/cat/a.png", "Train/dog/b.png"], "pets holds Train and train: leave one folder for each subset"),
        (["test/cat/a.png", "test/dog/b.png"], "pets holds test/ but no train/"),
        (["a\nb/a.png", "dog/b.png"], "'a\\nb' cannot be the name of a class: it has a line break"),
        (["a\udcff/a.png", "dog/b.png"], "'a\\udcff' cannot be the name of a class: it has bytes that are no UTF-8"),
    ],
)
def test_what_cannot_be_made_out_is_refused(tmp_path: Path, names: list[str], message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)) as refusal:
        list_folder(lay_out(tmp_path / "pets", names))
    assert not isinstance(refusal.value, SourceGoneError)


@pytest.mark.parametrize("names", [[], ["notes.txt"], ["cat/notes.txt"], ["train/labels.csv"], [".hidden/cat.1.png"]])
def test_a_folder_without_pictures_counts_as_gone(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(SourceGoneError, match="holds no picture: looked for class folders"):
        list_folder(lay_out(tmp_path / "pets", names))


def test_a_folder_that_is_not_there_counts_as_gone_and_a_file_does_not(tmp_path: Path) -> None:
    with pytest.raises(SourceGoneError, match="nowhere cannot be read: No such file or directory"):
        list_folder(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file is a file: set path to the folder") as refusal:
        list_folder(tmp_path / "file")
    assert not isinstance(refusal.value, SourceGoneError)


@pytest.mark.parametrize("folder", ["ant", "train", "test", "train/ant"])
def test_a_folder_that_cannot_be_read_does_not_pass_for_an_empty_one(tmp_path: Path, folder: str) -> None:
    subset = "train/" if "t" in folder[0] else ""
    root = lay_out(tmp_path / "pets", [f"{subset}cat/a.png", f"{subset}dog/b.png"])
    if (root / folder).exists():
        (root / folder).rename(tmp_path / "aside")
    (root / folder).symlink_to("nowhere")
    with pytest.raises(SourceGoneError, match=f"pets/{folder} cannot be read: a link that leads nowhere"):
        list_folder(root)


def test_a_folder_one_may_not_look_into_does_not_pass_for_an_empty_one(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "pets", ["ant/c.png", "cat/a.png", "dog/b.png"])
    (root / "cat").chmod(0)
    with pytest.raises(SourceGoneError, match="pets/cat cannot be read: Permission denied"):
        by_ordinary_user(lambda: list_folder(root))
