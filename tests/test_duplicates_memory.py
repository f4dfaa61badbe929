"""The known of duplicates: quick is as good as thorough, and a damaged known costs only time."""

import csv
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scenes import grainy, scene

import pipeline
from datasets.duplicates import search
from datasets.duplicates.candidates import MOST_CANDIDATES
from datasets.duplicates.fingerprints import Fingerprints, Look, add_contents, read_fingerprints, write_fingerprints
from datasets.duplicates.groups import HashedPicture, group_pictures
from datasets.duplicates.looks import look_at
from datasets.tables import read_rows

pytestmark = pytest.mark.slow

NOTHING = Path("/dev/null")
POOL = [grainy(scene(number // 3), number) for number in range(24)]
POOL[7] = POOL[6].copy()
KIND = [grainy(scene(1), seed) for seed in range(MOST_CANDIDATES + 50)]


def look_among(pool: Sequence[np.ndarray]) -> Look:
    return lambda names: look_at(pool[int(name)] for name in names)


def tables(known: Fingerprints, names: Sequence[str]) -> object:
    return group_pictures([HashedPicture(name, "train", "cat", known.hashes[name]) for name in names], known.pairs())


def first_run(pool: Sequence[np.ndarray], names: Sequence[str]) -> object:
    """Returns the tables of pictures of which nothing was known before."""
    return tables(add_contents(read_fingerprints(NOTHING, ""), names, look_among(pool)), names)


@settings(max_examples=30, deadline=None)
@given(states=st.lists(st.sets(st.integers(0, len(POOL) - 1), min_size=1), min_size=1, max_size=6))
def test_whatever_was_compared_before_the_result_is_that_of_a_first_run(
    tmp_path_factory: pytest.TempPathFactory, states: list[set[int]]
) -> None:
    kept = tmp_path_factory.mktemp("memory") / "fingerprints"
    for state in states:
        names = [str(number) for number in sorted(state)]
        known = add_contents(read_fingerprints(kept, "reader"), names, look_among(POOL))
        write_fingerprints(known, kept, "reader")
        assert tables(known, names) == tables(
            add_contents(read_fingerprints(NOTHING, ""), names, look_among(POOL)), names
        )


def test_that_holds_where_a_kind_becomes_too_large_and_small_again(tmp_path: Path) -> None:
    known = read_fingerprints(NOTHING, "")
    for count in (200, len(KIND), len(KIND) - 1, 200):
        names = [str(number) for number in range(count)]
        known = add_contents(known, names, look_among(KIND))
        assert tables(known, names) == tables(
            add_contents(read_fingerprints(NOTHING, ""), names, look_among(KIND)), names
        )


def rubbish(kind: str, kept: bytes) -> bytes:
    other = io.BytesIO()
    np.savez(other, reader=np.array("reader"), contents=np.arange(3))
    flipped = bytearray(kept)
    flipped[len(kept) // 2] ^= 255
    return {"text": b"rubbish", "empty": b"", "cut": kept[:-500], "other": other.getvalue(), "bit": bytes(flipped)}[
        kind
    ]


@pytest.mark.parametrize("kind", ["text", "empty", "cut", "other", "bit"])
def test_damaged_fingerprints_cost_only_time(tmp_path: Path, kind: str) -> None:
    names = [str(number) for number in range(len(POOL))]
    known = add_contents(read_fingerprints(NOTHING, ""), names, look_among(POOL))
    write_fingerprints(known, tmp_path / "kept", "reader")
    (tmp_path / "kept").write_bytes(rubbish(kind, (tmp_path / "kept").read_bytes()))
    again = add_contents(read_fingerprints(tmp_path / "kept", "reader"), names, look_among(POOL))
    assert tables(again, names) == tables(known, names)


def test_what_other_code_kept_is_not_believed(tmp_path: Path) -> None:
    names = ["0", "1"]
    write_fingerprints(
        add_contents(read_fingerprints(NOTHING, ""), names, look_among(POOL)), tmp_path / "kept", "reader"
    )
    assert read_fingerprints(tmp_path / "kept", "another").hashes == {}
    assert list(read_fingerprints(tmp_path / "kept", "reader").hashes) == names


def duplicates(project: Project) -> list[dict[str, str]]:
    project.built(pipeline.FindDuplicates)
    with (project.home / "latest/duplicates/duplicates.csv").open(newline="", errors="surrogateescape") as file:
        return list(csv.DictReader(file))


def save(pixels: np.ndarray, path: Path, **options: object) -> None:
    Image.fromarray(pixels).save(path, format="PNG", **options)


def test_a_picture_saved_again_is_exactly_the_same_in_whatever_folder_and_under_any_name(project: Project) -> None:
    project.built(pipeline.IndexImages)
    save(scene(1), project.images / "train/cat/added.png")
    save(scene(1), project.images / 'test/dog/a, "b"\n\udcff.png', compress_level=9, optimize=True)
    save(grainy(scene(1), 1), project.images / "train/frog/added.png")
    rows = duplicates(project)
    assert [(row["group"], row["subset"], row["class"], row["kind"]) for row in rows] == [
        ("1", "test", "dog", "exact"),
        ("1", "train", "cat", "exact"),
        ("1", "train", "frog", "near"),
    ]
    assert rows[0]["path"] == 'test/dog/a, "b"\n\udcff.png'


def test_after_a_move_no_picture_is_decoded_again(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.built(pipeline.FindDuplicates)
    assert "looking for duplicates: 36 pictures" in capsys.readouterr().err
    picture = project.picture("cat")
    picture.rename(project.images / "train/dog" / picture.name)
    assert "FindDuplicates" in project.built(pipeline.FindDuplicates)
    assert "looking for duplicates" not in capsys.readouterr().err
    save(scene(1), project.images / "train/cat/added.png")
    project.built(pipeline.FindDuplicates)
    assert "looking for duplicates: 1 pictures" in capsys.readouterr().err


def test_without_its_fingerprints_the_stage_finds_the_same(project: Project) -> None:
    project.built(pipeline.IndexImages)
    for number in range(9):
        save(grainy(scene(number // 3), number), project.images / f"train/cat/added {number}.png")
    first = duplicates(project)
    (project.home / "duplicates/fingerprints").write_bytes(b"rubbish")
    project.picture("dog").unlink()
    assert duplicates(project) == first
    assert len(first) == 9


def test_among_very_many_pictures_only_copies_are_looked_for(
    exported: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_COMPARED", 35)
    original = exported.picture("cat")
    shutil.copy(original, original.with_name("copy.png"))
    exported.build(pipeline.FindDuplicates)
    found = list(read_rows(exported.home / "latest/duplicates/duplicates.csv"))
    assert [row[1] for row in found] == [f"train/cat/{original.name}", "train/cat/copy.png"]
    assert not (exported.home / "duplicates/fingerprints").exists()
