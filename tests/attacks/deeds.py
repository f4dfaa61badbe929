"""The deeds that are attacked: what a user asks for that writes to the folders or makes results."""

import csv
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from conftest import Project, configured
from PIL import Image
from verb_runs import files_of, run_verb

import pipeline
from pipeline.engine.stage import Stage


class Deed(NamedTuple):
    """A deed: what comes before it, and what is attacked."""

    prepare: Callable[[Project], object]
    do: Callable[[Project], object]


def build(project: Project, task: type[Stage], **parameters: Any) -> None:
    """Builds a task, as from Python; raises what the user is told."""
    with configured(project.settings):
        pipeline.build(task(dataset="tiny", **parameters))


def edit(project: Project) -> None:
    """Moves, deletes, repaints and adds pictures."""
    cats = [project.picture("cat", position) for position in range(3)]
    cats[0].rename(project.images / "train/dog" / cats[0].name)
    cats[1].unlink()
    Image.new("RGB", (32, 32), "red").save(cats[2])
    project.picture("dog", 3).rename(project.images / "test/frog/of my own.png")
    Image.new("RGB", (32, 32), "blue").save(project.images / "train/frog/mine.png")


def suspects_csv(project: Project) -> str:
    """Writes a suspects.csv that moves two frogs to the cats. Returns its path."""
    frogs = [path for path in files_of(project) if path.startswith("train/frog/")][:2]
    table = project.folder / "suspects.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("path", "label", "suggested", "score", "sha256"))
        for path in frogs:
            rows.writerow((path, "2", "cat", "0.9", hashlib.sha256((project.images / path).read_bytes()).hexdigest()))
    return str(table)


def prepare_edits(project: Project) -> None:
    """Exports, edits, and looks at the edits."""
    build(project, pipeline.IndexImages)
    edit(project)
    build(project, pipeline.IndexImages)


def prepare_split(project: Project) -> None:
    """Makes all that the split reads, of edited pictures."""
    build(project, pipeline.SplitImages)
    edit(project)


def prepare_export(project: Project) -> None:
    """Edits, and then leaves out a class, so that the next export writes over edits."""
    prepare_edits(project)
    project.settings["dataset:tiny"]["classes"] = "frog,cat,bird"


def prepare_apply(project: Project) -> None:
    """Writes the table that is applied."""
    build(project, pipeline.IndexImages)
    suspects_csv(project)


def prepare_undo(project: Project) -> None:
    """Tidies, so that there is something to take back."""
    prepare_edits(project)
    run_verb(project, "tidy", "--yes")


def prepare_restore(project: Project) -> None:
    """Deletes the first cat, after noting its path."""
    build(project, pipeline.IndexImages)
    gone = project.picture("cat")
    (project.folder / "gone").write_text(str(gone.relative_to(project.images)))
    gone.unlink()
    build(project, pipeline.IndexImages)


def prepare_prune(project: Project) -> None:
    """Makes results that `latest/` no longer names."""
    build(project, pipeline.PackImages)
    edit(project)
    build(project, pipeline.PackImages)


def restore(project: Project) -> None:
    """Brings the first cat back."""
    run_verb(project, "restore", (project.folder / "gone").read_text())


DEEDS = {
    "export": Deed(lambda project: None, lambda project: build(project, pipeline.ExportImages)),
    "SplitImages": Deed(prepare_split, lambda project: build(project, pipeline.SplitImages)),
    "export over edits": Deed(prepare_export, lambda project: build(project, pipeline.IndexImages)),
    "tidy": Deed(prepare_edits, lambda project: run_verb(project, "tidy", "--yes")),
    "apply": Deed(prepare_apply, lambda p: run_verb(p, "apply", str(p.folder / "suspects.csv"), "--yes")),
    "undo": Deed(prepare_undo, lambda project: run_verb(project, "undo", "--yes")),
    "restore": Deed(prepare_restore, restore),
    "prune": Deed(prepare_prune, lambda project: run_verb(project, "prune", "--yes")),
    "status": Deed(prepare_split, lambda project: run_verb(project, "status", "PackImages", "--dataset", "tiny")),
}


def copied(project: Project, kept: Path) -> None:
    """Puts the project's folders back as they were kept."""
    shutil.rmtree(project.folder / "workspace", ignore_errors=True)
    if kept.exists():
        shutil.copytree(kept, project.folder / "workspace", symlinks=True)
