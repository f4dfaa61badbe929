"""The spoilt files of ours: each is told by name with the way out, or made again, and nothing else is lost."""

from pathlib import Path

import pytest
from conftest import Project
from verb_runs import refusal_of

import pipeline
from datasets.damaged import inner_path

pytestmark = pytest.mark.slow

HEAD = b"when,stage,code,stands_for\n"


@pytest.mark.parametrize(
    "content", [HEAD + b"\xff,SplitImages,a,b\n", b"when\x00", HEAD + b"a,b\n", HEAD + b'"' + b"x" * 200_000, b"[]"]
)
def test_a_spoilt_record_of_what_was_accepted_stops_everything_and_stays(project: Project, content: bytes) -> None:
    project.build()
    file = project.home.parent / "accepted.csv"
    file.write_bytes(content)
    message = refusal_of(project, "status", "PackImages", "--dataset", "tiny")
    assert message.startswith(f"{file} cannot be read")
    assert "move it away" in message
    assert file.read_bytes() == content
    file.unlink()
    assert project.ran() == set()


@pytest.mark.parametrize("trace", ["[" * 100_000, '{"files": 5}', '{"seconds": "long", "code": []}', "\ufeff{}"])
def test_a_result_with_a_spoilt_trace_is_built_again(project: Project, trace: str) -> None:
    project.build()
    (project.home / "latest/split/trace.json").write_text(trace)
    refreshed = project.built()
    assert refreshed == {"SplitImages"}


def spoil(project: Project, name: str) -> Path:
    """Cuts a file of the latest results short; returns the folder it lies in."""
    file = (project.home / "latest" / name).resolve()
    file.write_bytes(file.read_bytes()[:40])
    return file.parent


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../a.png", "train/../../a.png", "images//tmp/a.png", "train/./a.png", "train/", "a\0b"]
)
def test_a_path_that_could_lead_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="leads out of the data set's folder"):
        inner_path(path)


def test_names_with_dots_are_paths_like_others() -> None:
    for path in ("train/cat/..png", "test/a.b/...", "train/cat/.hidden.png", "x"):
        assert inner_path(path) == path


def test_a_stage_that_fails_over_a_damaged_input_names_the_file_and_the_folder_to_delete(project: Project) -> None:
    project.build()
    folder = spoil(project, "pack/train_pixels.npy")
    message = project.error(pipeline.TrainModel, recipe="quick")
    assert message.startswith(f"{folder / 'train_pixels.npy'}: changed since it was made. Delete {folder}")
