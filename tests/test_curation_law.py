"""The law of curation: tidy changes no label, undo ends where it began, and no byte is ever lost."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import CLASSES, Project
from curator import contents, labelled, lying, paint, say
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pipeline
from datasets.errors import UserError

numbers = st.integers(0, 60)
folders = st.tuples(st.sampled_from(("train", "test")), st.sampled_from(CLASSES)).map("/".join)
names = st.sampled_from(
    ("0_00.png", "1_01.png", "2_02.png", "1_7.png", "2_my own.png", "no number.png", "0_00 (2).png")
)
edits = st.one_of(
    st.tuples(st.just("move"), numbers, folders),
    st.tuples(st.just("relabel"), numbers, st.sampled_from("012")),
    st.tuples(st.just("rename"), numbers, names),
    st.tuples(st.just("copy"), numbers, folders, names),
    st.tuples(st.just("add"), folders, names, st.sampled_from(("red", "blue"))),
    st.tuples(st.just("repaint"), numbers, st.sampled_from(("red", "green"))),
    st.tuples(st.just("delete"), numbers),
    st.tuples(st.just("spoil"), numbers),
    st.tuples(st.just("delete class"), folders),
)
lists_of_edits = st.lists(edits, min_size=1, max_size=8)


def take(project: Project, edit: tuple[str, ...]) -> None:
    """Makes one edit as a person would, who overwrites nothing by moving."""
    kind, *values = edit
    every = sorted(project.images.rglob("*.png"))
    picture = every[values[0] % len(every)] if isinstance(values[0], int) else project.images
    if kind in ("move", "relabel", "rename"):
        to = {"move": f"../../{values[1]}/{picture.name}", "relabel": values[1] + picture.name[1:], "rename": values[1]}
        _if_free(picture.parent / to[kind], picture.rename)
    elif kind == "copy":
        _if_free(project.images / values[1] / values[2], lambda place: shutil.copy(picture, place))
    elif kind == "add":
        path = f"{values[0]}/{values[1]}"
        _if_free(project.images / path, lambda _: paint(project, path, values[2]))
    elif kind == "repaint":
        paint(project, str(picture.relative_to(project.images)), values[1])
    elif kind == "delete class":
        shutil.rmtree(project.images / values[0], ignore_errors=True)
    else:
        picture.unlink() if kind == "delete" else picture.write_bytes(b"no picture")


def _if_free(place: Path, do: Callable[[Path], object]) -> None:
    place.parent.mkdir(exist_ok=True)
    if not place.exists():
        do(place)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> Project:
    """A project whose pictures are exported and indexed, to be copied."""
    project = Project(tmp_path_factory.mktemp("untouched"), tiny_archive)
    project.build(pipeline.IndexImages)
    return project


def edited(untouched: Project, taken: list[tuple[str, ...]]) -> Project:
    """A copy of it after these edits."""
    folder = Path(tempfile.mkdtemp(dir=untouched.folder))
    shutil.copytree(untouched.home, folder / "workspace" / "tiny", symlinks=True)
    project = Project(folder, Path(untouched.settings["cifar"]["archives"]))
    for edit in taken:
        take(project, edit)
    return project


def law(test: Callable[..., None]) -> Callable[..., None]:
    return settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))(test)


@law
@given(taken=lists_of_edits)
def test_tidy_keeps_every_label_is_done_at_once_and_can_be_undone(
    untouched: Project, taken: list[tuple[str, ...]]
) -> None:
    project = edited(untouched, taken)
    before = lying(project)
    if not project.build(pipeline.IndexImages).complete:
        with pytest.raises(UserError):
            say(project, "tidy", "--yes")
        assert lying(project) == before
        return
    labels = labelled(project)
    moved = "nothing to tidy" not in say(project, "tidy", "--yes")
    assert labelled(project) == labels
    assert "nothing to tidy" in say(project, "tidy", "--yes")
    if moved:
        say(project, "undo", "--yes")
    assert lying(project) == before


@law
@given(taken=lists_of_edits, there=lists_of_edits)
def test_apply_changes_what_the_table_is_about_at_once_and_can_be_undone(
    untouched: Project,
    taken: list[tuple[str, ...]],
    there: list[tuple[str, ...]],
) -> None:
    project, other = (edited(untouched, edits) for edits in (taken, there))
    if not (project.build(pipeline.IndexImages).complete and other.build(pipeline.IndexImages).complete):
        return
    before, labels, table = lying(project), labelled(project), str(other.home / "latest/index/edits.csv")
    decisions = [row["edit"] for row in other.table("edits.csv") if row["edit"] in ("moved", "deleted")]
    changed = "nothing to apply" not in say(project, "apply", table, "--yes")
    assert (labels - labelled(project)).total() <= len(decisions), "it changed a picture that no row is about"
    if len({sha256 for sha256, _, _ in labels}) == labels.total():  # of pictures alike the next is then meant
        assert "nothing to apply" in say(project, "apply", table)
    if changed:
        say(project, "undo", "--yes")
    assert lying(project) == before


@law
@given(taken=lists_of_edits, since=lists_of_edits)
def test_undo_loses_no_content_whatever_was_edited_since(
    untouched: Project,
    taken: list[tuple[str, ...]],
    since: list[tuple[str, ...]],
) -> None:
    project = edited(untouched, [("move", 3, "train/frog"), *taken])
    table = project.folder / "suspects.csv"
    suspects = [(path, hashlib.sha256(content).hexdigest()) for path, content in list(lying(project).items())[:12]]
    table.write_text("path,suggested,sha256\n" + "".join(f"{path},dog,{sha256}\n" for path, sha256 in suspects))
    for verb in (("tidy",), ("apply", str(table)), ("restore", "train/cat/0_00.png")):
        with suppress(UserError):
            say(project, *verb, "--yes")
    for edit in since:
        take(project, edit)
    before = contents(project)
    for _ in range(4):
        say(project, "undo", "--yes")
        assert contents(project) == before
