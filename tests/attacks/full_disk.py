"""A disk that is full as a stage begins: one sentence for the user, and with room the same command ends well."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from conftest import Project
from disks import small_disk

STAGES = {
    "ExportImages": (),
    "IndexImages": (),
    "FindDuplicates": (),
    "SplitImages": (),
    "PackImages": (),
    "DescribeData": (),
    "TrainModel": ("--recipe", "quick"),
    "EvaluateModel": ("--recipe", "quick"),
    "ExplainModel": ("--recipe", "quick"),
    "PlotRun": ("--recipe", "quick"),
    "AuditLabels": ("--AuditLabels-recipe", "quick", "--AuditLabels-folds", "2"),
    "FullReport": ("--recipes", "quick"),
}


def attack(project: Project) -> Iterator[tuple[str, str | None]]:
    """Yields each stage with what went wrong, or None."""
    disk = project.folder / "workspace"
    disk.mkdir()
    project.settings["AuditLabels"] = {"recipe": "quick", "folds": "2"}
    with small_disk(disk, "60m"):
        for stage, words in STAGES.items():
            for room in (0, 3_000, 12_000):
                _fill(disk, room)
                full = _run(project, stage, *words)
                (disk / "filler").unlink()
                yield f"{stage} with {room} bytes", _complaint(full)
            yield stage, None if _run(project, stage, *words).returncode == 0 else "with room it does not go on"


def _fill(disk: Path, room: int) -> None:
    """Leaves a disk this many bytes."""
    with (disk / "filler").open("wb") as filler:
        free = os.statvfs(disk)
        os.posix_fallocate(filler.fileno(), 0, max(free.f_bavail * free.f_frsize - room, 1))


def _run(project: Project, stage: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "luigi", "--module", "pipeline", stage, "--dataset", "tiny", *words]
    return subprocess.run(command, cwd=project.write_settings(), capture_output=True, text=True, timeout=300)


def _complaint(run: subprocess.CompletedProcess[str]) -> str | None:
    """Returns what is wrong with how a command took a full disk."""
    said = run.stdout + run.stderr
    if "Traceback" in said:
        return f"a traceback: {said[-400:]}"
    if run.returncode and not re.search("disk is full|No space left", said):
        return f"exit code {run.returncode} without the reason: {said[-400:]}"
    return None
