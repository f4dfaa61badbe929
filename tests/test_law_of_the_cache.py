"""The law of the cache: any sequence of edits, parameter changes and undos ends where a clean build ends."""

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import CLASSES, Project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from scenes import grainy, scene

import pipeline

pictures = st.integers(0, 35)
class_names = st.sampled_from(CLASSES)
subsets = st.sampled_from(("train", "test"))
places = ("export", "index", "duplicates", "split", "pack")
steps = st.one_of(
    st.tuples(st.just("move"), pictures, class_names, subsets),
    st.tuples(st.just("relabel"), pictures, st.integers(0, 2)),
    st.tuples(st.just("delete"), pictures),
    st.tuples(st.just("add"), st.integers(0, 255), class_names, subsets),
    st.tuples(st.just("repaint"), pictures, st.integers(0, 255)),
    st.tuples(st.just("touch"), pictures),
    st.tuples(st.just("spoil"), pictures),
    st.tuples(st.just("undo")),
    st.tuples(st.just("val_fraction"), st.sampled_from(("0", "0.2", "0.3"))),
    st.tuples(st.just("seed"), st.sampled_from(("0", "1"))),
    st.tuples(st.just("lose"), st.sampled_from(places)),
    st.tuples(st.just("unlink"), st.sampled_from(places)),
    st.tuples(st.just("forget"), st.sampled_from((b"", b"rubbish"))),
    st.tuples(st.just("lose_all_pictures")),
    st.tuples(st.just("build")),
)


class Editor:
    """A person at the folders and the settings, who can take back the last edit."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.before = project.folder / "before"

    def take(self, step: tuple[object, ...]) -> None:
        kind, *values = step
        if kind not in ("undo", "build", "lose", "unlink", "forget", "val_fraction", "seed"):
            shutil.rmtree(self.before, ignore_errors=True)
            shutil.copytree(self.project.images, self.before)
        getattr(self, f"_{kind}")(*values)

    def _picture(self, number: int) -> Path:
        every = sorted(self.project.images.rglob("*.png"))
        return every[number % len(every)]

    def _move(self, number: int, class_name: str, subset: str) -> None:
        picture = self._picture(number)
        picture.rename(self.project.images / subset / class_name / picture.name)

    def _relabel(self, number: int, label: int) -> None:
        picture = self._picture(number)
        picture.rename(picture.with_name(f"{label}{picture.name[1:]}"))

    def _delete(self, number: int) -> None:
        self._picture(number).unlink()

    def _add(self, shade: int, class_name: str, subset: str) -> None:
        """Adds one of a few scenes, so that some are duplicates."""
        added = Image.fromarray(grainy(scene(shade % 4), shade))
        added.save(self.project.images / subset / class_name / f"added {shade}.png")

    def _repaint(self, number: int, shade: int) -> None:
        Image.new("RGB", (32, 32), (0, shade, 0)).save(self._picture(number))

    def _touch(self, number: int) -> None:
        os.utime(self._picture(number))

    def _spoil(self, number: int) -> None:
        self._picture(number).write_bytes(b"no picture")

    def _undo(self) -> None:
        if self.before.exists():
            shutil.rmtree(self.project.images)
            self.before.rename(self.project.images)

    def _val_fraction(self, value: str) -> None:
        self.project.settings["dataset:tiny"]["val_fraction"] = value

    def _seed(self, value: str) -> None:
        self.project.settings["SplitImages"] = {"seed": value}

    def _lose(self, place: str) -> None:
        shutil.rmtree((self.project.home / "latest" / place).resolve(), ignore_errors=True)

    def _unlink(self, place: str) -> None:
        (self.project.home / "latest" / place).unlink(missing_ok=True)

    def _forget(self, rubbish: bytes) -> None:
        """Damages a file that only saves time."""
        (self.project.home / "duplicates/fingerprints").write_bytes(rubbish)

    def _lose_all_pictures(self) -> None:
        """Deletes all pictures and exports them again at once, so that later steps have something to edit."""
        shutil.rmtree(self.project.images)
        self.project.build()

    def _build(self) -> None:
        self.project.build()


def end_of(project: Project) -> object:
    """Builds; returns the digests of every stage's contents, or the error that stopped it."""
    outcome = project.build()
    if not outcome.complete:
        return next(entry.error for entry in outcome.ran if entry.error).replace(str(project.folder), "")
    latest = project.home / "latest"
    return {link.name: json.loads((link / "trace.json").read_text())["contents"] for link in latest.iterdir()}


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(taken=st.lists(steps, min_size=1, max_size=8))
def test_any_sequence_ends_digest_for_digest_where_a_clean_build_ends(
    tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path, taken: list[tuple[object, ...]]
) -> None:
    edited = Project(tmp_path_factory.mktemp("edited"), tiny_archive)
    edited.build()
    editor = Editor(edited)
    for step in taken:
        editor.take(step)
    clean = Project(tmp_path_factory.mktemp("clean"), tiny_archive)
    clean.settings |= {name: edited.settings[name] for name in edited.settings if name not in ("paths", "cifar")}
    clean.build(pipeline.ExportImages)
    shutil.rmtree(clean.images)
    shutil.copytree(edited.images, clean.images)
    assert end_of(edited) == end_of(clean)
