"""An edit made while a run is under way neither breaks it nor goes unnoticed."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import luigi
import numpy as np
import pytest
from conftest import Project, configured
from PIL import Image

import pipeline
from pipeline.engine import invocation
from pipeline.stages import pictures

pytestmark = pytest.mark.slow


@pytest.fixture
def indexed(project: Project) -> Project:
    project.build(pipeline.SplitImages)
    return project


def pixels_by_number(project: Project) -> dict[int, bytes]:
    pack = project.home / "latest/pack"
    found = {}
    with (pack / "pictures.csv").open() as file:
        rows = list(csv.DictReader(file))
    for subset in ("train", "val", "test"):
        pixels = np.load(pack / f"{subset}_pixels.npy")
        for position, row in enumerate(row for row in rows if row["subset"] == subset):
            found[int(Path(row["path"]).stem.split("_")[1])] = pixels[position].tobytes()
    return found


def pack_as_pinned(project: Project, edit: object) -> str:
    """Packs with the state of the pictures fixed before the edit; returns what changed since, in words."""
    assert callable(edit)
    with configured(project.settings), invocation.separate():
        task = pipeline.PackImages(dataset="tiny")
        assert pictures.known_state(project.home) is not None
        edit()
        assert luigi.build([task], local_scheduler=True)
        assert task.complete()
        return ", ".join(pictures.changed_since(project.home))


def test_a_picture_moved_meanwhile_is_packed_as_it_was_indexed(indexed: Project) -> None:
    picture = indexed.picture("cat")
    said = pack_as_pinned(indexed, lambda: picture.rename(indexed.images / "train/dog" / picture.name))
    assert pixels_by_number(indexed)[0] == np.asarray(Image.open(indexed.images / "train/dog" / picture.name)).tobytes()
    del said
    assert indexed.built() == {"IndexImages", "FindDuplicates", "SplitImages", "PackImages"}


def test_a_picture_deleted_or_repainted_meanwhile_is_packed_from_its_source(indexed: Project) -> None:
    deleted, repainted = indexed.picture("cat"), indexed.picture("dog")
    originals = {number: np.asarray(Image.open(path)).tobytes() for number, path in ((0, deleted), (1, repainted))}

    def edit() -> None:
        deleted.unlink()
        Image.new("RGB", (32, 32), "red").save(repainted)

    pack_as_pinned(indexed, edit)
    packed = pixels_by_number(indexed)
    assert {0: packed[0], 1: packed[1]} == originals


def test_an_added_picture_deleted_meanwhile_stops_the_run_with_its_name(project: Project) -> None:
    project.build(pipeline.ExportImages)
    added = project.images / "train/cat/added.png"
    Image.new("RGB", (32, 32), "red").save(added)
    project.build(pipeline.SplitImages)
    with configured(project.settings), invocation.separate():
        assert pictures.known_state(project.home) is not None
        added.unlink()
        luigi.build([pipeline.PackImages(dataset="tiny")], local_scheduler=True)
        error = invocation.ledger()[-1].error
    assert "added.png was changed while this ran" in error
    assert project.build().complete


def test_every_process_of_one_command_sees_the_pictures_alike(indexed: Project) -> None:
    with configured(indexed.settings), invocation.separate():
        state = pictures.known_state(indexed.home)
        indexed.picture("cat").unlink()
        ask = (
            "import sys, pathlib, pipeline; from pipeline.engine import invocation; "
            "print(invocation.pinned(pathlib.Path(sys.argv[1])))"
        )
        other = subprocess.run(
            [sys.executable, "-c", ask, str(indexed.home)], capture_output=True, text=True, check=True
        )
        assert other.stdout.strip() == state
    with configured(indexed.settings), invocation.separate():
        assert pictures.known_state(indexed.home) is None


def test_the_closing_screen_names_what_changed_while_it_ran(project: Project) -> None:
    """A stage of this test's own edits a picture in the middle of a real run."""
    meddler = project.folder / "meddler.py"
    meddler.write_text(
        "from pathlib import Path\n"
        "import pipeline\n"
        "from pipeline import *\n"
        "from datasets import split\n"
        "write = split.write_split\n"
        "def meddle(*args):\n"
        "    next(Path('workspace/tiny/images/train/cat').iterdir()).unlink()\n"
        "    write(*args)\n"
        "split.write_split = meddle\n"
    )
    project.settings["paths"]["workspace"] = "workspace"
    run = project.luigi("PackImages", "--dataset", "tiny", module="meddler", env=os.environ | {"PYTHONPATH": "."})
    assert run.returncode == 0, run.stderr
    assert "1 picture changed while this ran (train/cat/0_" in run.stdout
    assert "run again" in run.stdout
