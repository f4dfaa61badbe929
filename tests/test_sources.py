"""Every source comes through one door: those of this project, and one that another package brings."""

import csv
import os
import subprocess
from pathlib import Path

import pytest
from conftest import Project, configured

import pipeline
from datasets import catalog
from datasets.section_options import option_names
from datasets.sources.source import BUILT_IN, source_class, source_reference

REPOSITORY = Path(__file__).parent.parent

SQUARES = '''
"""A source of coloured squares."""

from dataclasses import dataclass
from typing import ClassVar

from datasets.section_options import option
from datasets.sources.source import FixedListing


@dataclass(frozen=True)
class Squares:
    """Squares of one colour, lighter from one to the next."""

    count: int = option(10, words="pictures of each class", low=10, high=250)
    classes: ClassVar[tuple[str, ...]] = ("red", "blue")
    side: ClassVar[int] = 8

    def list(self, places):
        """Returns the classes."""
        return FixedListing(self.classes)

    def load(self, listing, places):
        """Returns the squares, class by class in turn."""
        import numpy as np

        from datasets.arrays import Arrays

        numbers = np.arange(2 * self.count)
        pixels = np.zeros((len(numbers), self.side, self.side, 3), np.uint8)
        pixels[numbers, :, :, numbers % 2 * 2] = numbers[:, None, None]
        return Arrays(pixels, numbers % 2, self.classes, len(numbers))
'''


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with an installed package that brings the source `squares`."""
    site = tmp_path / "site"
    (site / "squares-1.0.dist-info").mkdir(parents=True)
    (site / "squares.py").write_text(SQUARES)
    (site / "squares-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: squares\nVersion: 1.0\n")
    (site / "squares-1.0.dist-info/entry_points.txt").write_text("[pigeonhole.sources]\nsquares = squares:Squares\n")
    return site


def export(project: Project, site: Path) -> subprocess.CompletedProcess[str]:
    """Runs luigi's command with that package installed."""
    path = os.pathsep.join((str(site), str(REPOSITORY)))
    return project.luigi("SplitImages", "--dataset", "tiny", env=os.environ | {"PYTHONPATH": path})


def exported_paths(project: Project) -> list[str]:
    """Returns the pictures that the last export listed."""
    with (project.home / "latest/export/export.csv").open(newline="") as file:
        return [row["path"] for row in csv.DictReader(file)]


def test_a_source_of_another_package_is_exported_and_split_like_any_other(project: Project, site: Path) -> None:
    project.settings["dataset:tiny"] = {"source": "squares"}
    run = export(project, site)
    assert run.returncode == 0, run.stderr
    paths = exported_paths(project)
    assert len(paths) == 20
    assert (project.images / paths[0]).exists()
    assert (project.home / "latest/split/split.csv").exists()
    project.settings["dataset:tiny"]["count"] = "12"
    assert export(project, site).returncode == 0
    assert len(exported_paths(project)) == 24


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": "9"}, "[dataset:tiny] count is '9': it must be a whole number from 10 to 250"),
        ({"cuont": "12"}, "[dataset:tiny]: there is no option 'cuont': did you mean 'count'?"),
        ({"size": "12"}, "[dataset:tiny]: size belongs to source = folder; squares does not read it"),
        ({"classes": "red,green"}, "[dataset:tiny] classes: there is no class 'green'"),
        ({"source": "sqares"}, "[dataset:tiny]: there is no source 'sqares': did you mean 'squares'?"),
    ],
)
def test_its_options_are_refused_with_the_same_words(
    project: Project, site: Path, options: dict[str, str], message: str
) -> None:
    project.settings["dataset:tiny"] = {"source": "squares", **options}
    run = export(project, site)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [("def load(", "def read("), ("@dataclass", "# dataclass"), (" classes:", " names:")],
    ids=["no load", "no dataclass", "no classes"],
)
def test_what_is_no_source_is_refused_with_the_name_of_its_package(
    project: Project, site: Path, old: str, new: str
) -> None:
    source = site / "squares.py"
    source.write_text(source.read_text().replace(old, new, 1))
    project.settings["dataset:tiny"] = {"source": "squares"}
    run = export(project, site)
    assert run.returncode == 2
    assert "the package squares offers the source squares as squares:Squares, which is no source" in run.stderr


def key_parameters(project: Project, **options: str) -> dict[str, object]:
    """Returns what decides the export of a data set with these options."""
    with configured(project.settings | {"dataset:tiny": options}):
        return pipeline.ExportImages(dataset="tiny").key_parameters()


def test_an_option_at_its_default_is_in_no_key(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    del project.settings["cifar"]
    plain = key_parameters(project, source="cifar100", classes="sea,rocket")
    assert plain == {"source": "cifar100", "classes": ["sea", "rocket"]}
    assert key_parameters(project, source="cifar100", classes="sea,rocket", labels="fine") == plain
    assert key_parameters(project, source="cifar100", classes="fish,people", labels="coarse")["labels"] == "coarse"


def test_where_a_source_folder_lies_is_in_no_key_and_how_its_pictures_are_made_is(project: Project) -> None:
    keys = []
    for place in ("here", "there"):
        for name in ("cat", "dog"):
            (project.folder / place / name).mkdir(parents=True)
            (project.folder / place / name / "1.png").write_bytes(b"1")
        keys.append(key_parameters(project, source="folder", path=str(project.folder / place), size="24"))
    assert keys[0] == keys[1]
    assert keys[0].keys() == {"source", "size", "classes", "files"}
    padded = key_parameters(project, source="folder", path=str(project.folder / "here"), size="24", fit="pad")
    assert padded == {**keys[0], "fit": "pad"}


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_reference_of_a_source_leads_to_a_class_whose_options_a_section_can_have(name: str) -> None:
    module, _, found = source_reference(name).partition(":")
    assert (source_class(name).__module__, source_class(name).__name__) == (module, found)
    assert set(option_names(source_class(name))) <= set(catalog.dataset_options())
