"""A person at the curating verbs: what they are told, and what the folders are then."""

import hashlib
from collections import Counter
from contextlib import redirect_stdout
from io import StringIO

import pytest
from conftest import Project, configured
from PIL import Image

from datasets.errors import UserError
from pipeline.__main__ import main
from pipeline.engine import invocation


def say(project: Project, *words: str) -> str:
    """Returns what a verb prints; it must succeed."""
    with configured(project.settings), invocation.anew(), redirect_stdout(StringIO()) as printed:
        assert main(words) == 0
    return printed.getvalue()


def refused(project: Project, *words: str) -> str:
    """Returns why a verb refuses."""
    with configured(project.settings), invocation.anew(), pytest.raises(UserError) as refusal:
        main(words)
    return str(refusal.value)


def lying(project: Project) -> dict[str, bytes]:
    """Every file in the folders with its bytes."""
    return {str(file.relative_to(project.images)): file.read_bytes() for file in project.images.rglob("*.*")}


def contents(project: Project) -> Counter[str]:
    """Counts how often each content lies in the folders or is kept."""
    kept = (project.home / "changes" / "kept").rglob("*.*")
    files = [*project.images.rglob("*.*"), *kept]
    return Counter(hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file())


def labelled(project: Project) -> Counter[tuple[str, str, str]]:
    """Counts how often the index has each content under each class and subset."""
    return Counter((row["sha256"], row["class"], row["subset"]) for row in project.table("index.csv"))


def paint(project: Project, path: str, colour: str = "red") -> None:
    """A picture of the user's own at a path in the folders."""
    Image.new("RGB", (32, 32), colour).save(project.images / path, format="PNG")
