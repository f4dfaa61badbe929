"""The messages and searches where there are very many names: short, and quick."""

import pytest
from conftest import Project

import pipeline
from datasets import errors
from datasets.contents import PictureFile
from datasets.errors import UserError, unknown
from datasets.labels import label_pictures
from datasets.matching import match_pictures
from datasets.tables import ExportRow


def test_the_nearest_of_very_many_names_is_found_among_few_that_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"train/cat/3_{number:05}.png" for number in range(40_000)]
    compared = []
    nearest = errors.difflib.get_close_matches

    def counting(name: str, of: list[str], **options: float) -> list[str]:
        compared.append(len(of))
        return nearest(name, of, **options)

    monkeypatch.setattr(errors.difflib, "get_close_matches", counting)
    message = unknown("exported picture", "train/cat/3_31234.pgn", names)
    assert "did you mean 'train/cat/3_31234.png'?" in message
    assert compared == [500]
    assert len(message) < 10_000
    assert "and 39,800 more" in message


def test_hundreds_of_undeclared_folders_are_told_in_a_few_lines(exported: Project) -> None:
    for number in range(400):
        (exported.images / f"train/kind {number}").mkdir()
        (exported.images / f"train/kind {number}/note.png").write_bytes(b"no picture")
    message = exported.error(pipeline.IndexImages)
    assert "and 390 more" in message
    assert "Its classes: cat, dog, frog" in message
    assert len(message) < 3_000


def test_very_many_contradictions_are_told_in_a_hundred_lines() -> None:
    exported = [ExportRow(f"train/cat/0_{number}.png", number, 0, "cat", str(number)) for number in range(400)]
    pictures = [PictureFile(f"train/dog/2_{number}.png", str(number), "") for number in range(400)]
    with pytest.raises(UserError) as refusal:
        label_pictures(pictures, exported, ["cat", "dog", "frog"])
    assert str(refusal.value).count("\n  images/") == 100
    assert "and 300 more" in str(refusal.value)


def test_pictures_that_are_all_alike_are_matched_one_to_one() -> None:
    exported = [ExportRow(f"train/cat/0_{number:05}.png", number, 0, "cat", "black") for number in range(20_000)]
    pictures = [PictureFile(f"train/dog/{number}.png", "black", "") for number in range(20_000)]
    matches, removed = match_pictures(pictures, exported, ())
    assert removed == []
    assert [origin.number for _, origin in matches if origin] == list(range(20_000))
