"""Measures a run with nothing to do, and one after a moved picture, against DVC on the same 60,000 pictures.

    python benchmarks/against_dvc.py ARCHIVE DVC [FOLDER]

ARCHIVE is CIFAR-10 in any form the project reads; DVC is the program (`pip install dvc`, best in an environment of its
own). Both take turns in one run, and the best of five turns counts. Three recipes are trained for one epoch each first.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Measured, best_of, luigi, print_table, time_command

TURNS = 5
SETTINGS = """
[core]
autoload_range = false

[cifar]
archives = {archive}
"""
RECIPES = "".join(f"\n[recipe:brief-{base}]\nbase = {base}\nepochs = 1\n" for base in ("plain", "dropout", "augmented"))
REPORT = ("--dataset", "cifar10", "--recipes", "brief-plain,brief-dropout,brief-augmented")
DVC_STAGE = """
stages:
  index:
    cmd: ls images/train images/test > index.txt
    deps: [images]
    outs: [index.txt]
"""


def prepare(archive: str, dvc: str, folder: Path) -> tuple[Path, Path]:
    """Builds everything once on both sides; returns our folder, and that of DVC with its own copy of the pictures."""
    (folder / "luigi.cfg").write_text(SETTINGS.format(archive=Path(archive).resolve()) + RECIPES)
    time_command(luigi("FullReport", *REPORT), folder)
    theirs = folder / "dvc"
    theirs.mkdir()
    subprocess.run(["cp", "-r", str(folder / "workspace/cifar10/images"), str(theirs / "images")], check=True)
    (theirs / "dvc.yaml").write_text(DVC_STAGE)
    time_command([dvc, "init", "--no-scm", "-q"], theirs)
    time_command([dvc, "repro", "-q"], theirs)
    return folder, theirs


def move_one(images: Path) -> None:
    """Moves the first picture of a class to another class; each call takes another picture."""
    picture = sorted((images / "train/cat").glob("*.png"))[0]
    picture.rename(images / "train/dog" / picture.name)


def main(archive: str, dvc: str, disk: str | None = None) -> None:
    """Measures both sides and prints a table."""
    with tempfile.TemporaryDirectory(dir=disk) as name:
        ours, theirs = prepare(archive, dvc, Path(name))
        report, index = luigi("FullReport", *REPORT), luigi("IndexImages", "--dataset", "cifar10")

        def after_a_move(images: Path, command: list[str], folder: Path) -> Measured:
            move_one(images)
            return time_command(command, folder)

        rows = []
        for what, our_way, their_way in (
            (
                "nothing to do: `luigi … FullReport`, `dvc repro`",
                lambda: time_command(report, ours),
                lambda: time_command([dvc, "repro", "-q"], theirs),
            ),
            (
                "one picture moved: `luigi … IndexImages`, `dvc repro`",
                lambda: after_a_move(ours / "workspace/cifar10/images", index, ours),
                lambda: after_a_move(theirs / "images", [dvc, "repro", "-q"], theirs),
            ),
        ):
            we, they = best_of(TURNS, our_way).seconds, best_of(TURNS, their_way).seconds
            rows.append((what, f"{we:.2f}", f"{they:.2f}", f"{we / they:.2f}"))
        print_table(("60,000 pictures", "ours, s", "DVC, s", "ratio"), rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
