"""The law that any edits and exports, in any order, undo no edit and lose no picture of the user's."""

import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import CLASSES, Project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import pipeline
from datasets.tables import read_rows

EVERY_CLASS = (*CLASSES, "bird")  # a class without pictures, until some are moved there
numbers = st.integers(0, 99)
classes = st.sampled_from(EVERY_CLASS)
subsets = st.sampled_from(("train", "test"))
steps = st.one_of(
    st.tuples(st.just("move"), numbers, classes, subsets),
    st.tuples(st.just("move"), numbers, classes, subsets),
    st.tuples(st.just("rename"), numbers),
    st.tuples(st.just("relabel"), numbers, classes),
    st.tuples(st.just("delete"), numbers),
    st.tuples(st.just("add"), st.integers(0, 255), classes, subsets, st.sampled_from(("mine", "0_7", "1_07", "2_"))),
    st.tuples(st.just("repaint"), numbers, st.integers(0, 255)),
    st.tuples(st.just("copy"), numbers, classes),
    st.tuples(st.just("export"), st.permutations(EVERY_CLASS), st.integers(2, 4)),
    st.tuples(st.just("export"), st.permutations(EVERY_CLASS), st.integers(2, 4)),
)

Shown = tuple[str, str, str]  # content, subset, class


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class Expected:
    """The state that a person believes in: every picture's subset and class, whether the class is declared or not."""

    pictures: Counter[Shown]
    own: set[str] = field(default_factory=set)

    def replace(self, old: Shown, *new: Shown) -> None:
        self.pictures[old] -= 1
        self.pictures.update(new)

    def of(self, names: list[str]) -> Counter[Shown]:
        return +Counter({shown: count for shown, count in self.pictures.items() if shown[2] in names})


class Person:
    """A person who edits folders and settings, and keeps in mind what the result should be."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.classes = list(CLASSES)
        self.expected = Expected(self.index())

    def index(self) -> Counter[Shown]:
        outcome = self.project.build(pipeline.IndexImages)
        assert outcome.complete, [entry.error for entry in outcome.ran]
        rows = read_rows(self.project.home / "latest/index/index.csv")
        return Counter((sha256, subset, name) for _, subset, _, name, _, _, sha256 in rows)

    def take(self, step: tuple[object, ...]) -> None:
        kind, *values = step
        getattr(self, f"_{kind}")(*values)

    def picture(self, number: int) -> tuple[Path, Shown]:
        rows = sorted(read_rows(self.project.home / "latest/index/index.csv"))
        path, subset, _, class_name, _, _, sha256 = rows[number % len(rows)]
        return self.project.images / path, (sha256, subset, class_name)

    def exported_path(self, picture: Path) -> str:
        rows = read_rows(self.project.home / "latest/index/index.csv")
        return next(row[5] for row in rows if self.project.images / row[0] == picture)

    def _is_in_place(self, picture: Path) -> bool:
        return self.exported_path(picture) == picture.relative_to(self.project.images).as_posix()

    def _move(self, number: int, class_name: str, subset: str) -> None:
        """Moves a picture to another folder under a name without a label, since a label could contradict it."""
        picture, shown = self.picture(number)
        target = self.project.images / subset / class_name / f"moved {shown[0][:8]}.png"
        if class_name in self.classes and not target.exists():
            picture.rename(target if not self._is_in_place(picture) else target.with_name(picture.name))
            self.expected.replace(shown, (shown[0], subset, class_name))

    def _rename(self, number: int) -> None:
        picture, shown = self.picture(number)
        if self._is_in_place(picture):
            self._move_own(picture, f"my {shown[0][:8]}.png")

    @staticmethod
    def _move_own(picture: Path, name: str) -> None:
        if not picture.with_name(name).exists():
            picture.rename(picture.with_name(name))

    def _relabel(self, number: int, class_name: str) -> None:
        picture, shown = self.picture(number)
        if class_name in self.classes and self._is_in_place(picture) and digest(picture) not in self.expected.own:
            self._move_own(picture, f"{self.classes.index(class_name)}{picture.name[1:]}")
            if not picture.exists():
                self.expected.replace(shown, (shown[0], shown[1], class_name))

    def _delete(self, number: int) -> None:
        picture, shown = self.picture(number)
        picture.unlink()
        self.expected.replace(shown)

    def _add(self, shade: int, class_name: str, subset: str, prefix: str) -> None:
        target = self.project.images / subset / class_name / f"{prefix}{shade}.png"
        if class_name in self.classes and not target.exists():
            Image.new("RGB", (32, 32), (shade, 0, 0)).save(target)
            self.expected.pictures[digest(target), subset, class_name] += 1
            self.expected.own.add(digest(target))

    def _repaint(self, number: int, shade: int) -> None:
        picture, shown = self.picture(number)
        subset, folder, _ = picture.relative_to(self.project.images).parts
        Image.new("RGB", (32, 32), (0, shade, number)).save(picture)
        self.expected.own.add(digest(picture))
        self.expected.replace(shown, (digest(picture), subset, folder))

    def _copy(self, number: int, class_name: str) -> None:
        picture, shown = self.picture(number)
        target = self.project.images / "train" / class_name / f"copy of {shown[0][:8]}.png"
        if class_name in self.classes and not target.exists() and self._is_in_place(picture):
            shutil.copy(picture, target)
            self.expected.pictures[shown[0], "train", class_name] += 1

    def _export(self, order: list[str], count: int) -> None:
        self.classes = order[:count]
        self.project.settings["dataset:tiny"]["classes"] = ",".join(self.classes)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(taken=st.lists(steps, min_size=2, max_size=12))
def test_no_edit_is_undone_and_no_picture_lost_by_any_exports(
    tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path, taken: list[tuple[object, ...]]
) -> None:
    person = Person(Project(tmp_path_factory.mktemp("edited"), tiny_archive))
    for step in [*taken, ("export", EVERY_CLASS, 4)]:
        person.take(step)
        assert person.index() == person.expected.of(person.classes)
        present = {digest(path) for root in ("images", "aside") for path in (person.project.home / root).rglob("*.png")}
        assert {shown[0] for shown in +person.expected.pictures} & person.expected.own <= present
