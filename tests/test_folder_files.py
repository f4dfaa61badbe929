"""The files of a source folder: how hidden ones, links, pipes, odd names and omitted classes are treated."""

import os
from pathlib import Path

import numpy as np
import pytest
from picture_folder import lay_out, numbered

from datasets.errors import UserError
from datasets.pictures import UnreadablePictureError
from datasets.selection import select
from datasets.source_contents import SourceSnapshot
from datasets.sources.folder.folder_listing import list_folder
from datasets.sources.folder.load_folder import load


def test_hidden_system_and_accompanying_files_are_passed_over(tmp_path: Path) -> None:
    names = [
        "cat/a.png",
        "dog/b.png",
        "README.md",
        "annotations/a.xml",
        "cat/.DS_Store",
        "cat/Thumbs.db",
        "dog/._b.png",
        "annotations/.cache/a.png",
        "cat/.small/a.png",
        "cat/notes/.small/a.png",
        "__MACOSX/cat/._a.png",
    ]
    files = [file for _, _, file in numbered(lay_out(tmp_path / "pets", names))]
    assert files == ["cat/a.png", "dog/b.png"]


def test_what_is_no_picture_in_a_class_folder_comes_to_light(tmp_path: Path) -> None:
    names = ["cat/a.png", "cat/b.heic", "cat/notes.txt", "dog/c.png"]
    assert len(numbered(lay_out(tmp_path / "pets", names))) == 4


def test_links_are_followed(tmp_path: Path) -> None:
    elsewhere = lay_out(tmp_path / "elsewhere", ["x.png", "y.png"])
    root = lay_out(tmp_path / "pets", ["cat/a.png", "cat/b.png"])
    (root / "dog").symlink_to(elsewhere)
    (root / "cat/c.png").symlink_to(elsewhere / "y.png")
    (tmp_path / "link").symlink_to(root)
    arrays = load(list_folder(tmp_path / "link"), 4, "crop")
    assert arrays.files == ("cat/a.png", "cat/b.png", "cat/c.png", "dog/x.png", "dog/y.png")
    assert np.array_equal(arrays.pixels[2], arrays.pixels[4])


def test_a_link_that_leads_nowhere_a_folder_and_a_pipe_are_told_when_they_are_to_be_read(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "pets", ["cat/a.png", "dog/b.png"])
    (root / "cat/dead.png").symlink_to("nowhere.png")
    (root / "cat/loop.png").symlink_to("loop.png")
    os.mkfifo(root / "cat/pipe.png")
    arrays = load(list_folder(root), 4, "crop")
    assert arrays.files[1:4] == ("cat/dead.png", "cat/loop.png", "cat/pipe.png")
    for number, reason in ((1, "No such file"), (2, "symbolic links"), (3, "no file")):
        with pytest.raises(UnreadablePictureError, match=reason):
            arrays.pixels[number]


@pytest.mark.parametrize(
    "name", ["a,b.png", 'say "x".png', "a\nb.png", "naïve 猫.png", "b\udcffc.png", "-x.png", " .png"]
)
def test_files_of_any_name_are_taken(tmp_path: Path, name: str) -> None:
    root = lay_out(tmp_path / "pets", [f"cat/{name}", "dog/b.png"])
    arrays = load(list_folder(root), 4, "crop")
    assert arrays.files[0] == f"cat/{name}"
    assert arrays.pixels[0].shape == (4, 4, 3)


def test_classes_may_have_any_name_that_text_can_hold(tmp_path: Path) -> None:
    names = ["a, b", "it's", "naïve", "猫", "👨‍👩‍👧"]
    listing = list_folder(lay_out(tmp_path / "pets", [f"{name}/x.png" for name in names]))
    assert listing.classes == tuple(sorted(names))


def test_classes_are_taken_in_the_order_given_and_the_others_left_out(tmp_path: Path) -> None:
    arrays = load(list_folder(lay_out(tmp_path / "pets", ["ant/1.png", "bee/1.png", "cat/1.png"])), 4, "crop")
    selection = select(arrays, ("cat", "ant"))
    assert [(place.number, place.label, place.class_name) for place in selection.places] == [
        (0, 1, "ant"),
        (2, 0, "cat"),
    ]
    assert select(arrays, ()).classes == ("ant", "bee", "cat")
    with pytest.raises(UserError, match="there is no class 'bea': did you mean 'bee'"):
        select(arrays, ("ant", "bea"))


def test_the_contents_of_a_source_change_with_every_name_and_file_and_not_with_the_place(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "pets", ["cat/a.png", "dog/b.png"])

    def contents() -> str:
        return SourceSnapshot(list_folder(root), tmp_path / "home").read()

    before = contents()
    root = root.rename(tmp_path / "moved")
    assert contents() == before
    (root / "dog/b.png").rename(root / "dog/c.png")
    renamed = contents()
    (root / "dog/c.png").write_bytes((root / "dog/c.png").read_bytes() + b"\n")
    assert len({before, renamed, contents()}) == 3
