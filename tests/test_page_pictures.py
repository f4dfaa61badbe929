"""The pictures of the page link to their files, and say where each lies and what it is called in the source."""

from dataclasses import replace
from pathlib import Path

from page_inputs import write_and_read, write_inputs, write_table

from reports.page import address


def test_a_picture_links_to_its_file_with_its_own_name_and_its_full_path_beside_it(tmp_path: Path) -> None:
    page = write_inputs(tmp_path, ["cat", "dog"])
    index = [["train/0_0.png", "train", 0, "cat", 4, "train/0_0.png", "aa"]]
    write_table(page.index_dir / "index.csv", "path,subset,label,class,number,exported_path,sha256", index)
    write_table(tmp_path / "files.csv", "number,file", [[4, "cat/IMG_7.jpg"]])
    page = replace(page, images_dir=Path("workspace/pets/images"), files_csv=tmp_path / "files.csv")
    read = write_and_read(tmp_path / "report.html", page)
    assert "../../images/train/0_0.png" in [attrs.get("href") for _, attrs in read.all("a")]
    assert "cat/IMG_7.jpg" in read.text
    assert "workspace/pets/images/train/0_0.png" in read.text


def test_an_address_holds_any_name_of_a_file() -> None:
    assert address("train/a b#1/\udcff.png") == "../../images/train/a%20b%231/%FF.png"
