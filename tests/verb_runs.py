"""Runs verbs of `python -m pipeline` on a project, and reads what its folders hold then."""

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


def run_verb(project: Project, *words: str) -> str:
    """Runs a verb, which must succeed. Returns what it prints."""
    with configured(project.settings), invocation.anew(), redirect_stdout(StringIO()) as printed:
        assert main(words) == 0
    return printed.getvalue()


def refusal_of(project: Project, *words: str) -> str:
    """Runs a verb, which must be refused. Returns the message."""
    with configured(project.settings), invocation.anew(), pytest.raises(UserError) as refusal:
        main(words)
    return str(refusal.value)


def files_of(project: Project) -> dict[str, bytes]:
    """Returns every file in the folders with its bytes."""
    return {str(file.relative_to(project.images)): file.read_bytes() for file in project.images.rglob("*.*")}


def content_counts(project: Project) -> Counter[str]:
    """Counts how often each content lies in the folders or is kept."""
    kept = (project.home / "changes" / "kept").rglob("*.*")
    files = [*project.images.rglob("*.*"), *kept]
    return Counter(hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file())


def label_counts(project: Project) -> Counter[tuple[str, str, str]]:
    """Counts how often the index has each content under each class and subset."""
    return Counter((row["sha256"], row["class"], row["subset"]) for row in project.table("index.csv"))


def paint(project: Project, path: str, colour: str = "red") -> None:
    """Paints a picture of the user's own at a path in the folders."""
    Image.new("RGB", (32, 32), colour).save(project.images / path, format="PNG")
