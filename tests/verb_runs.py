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


def run_verb(project: Project, *words: str, exit_code: int = 0) -> str:
    """Runs a verb, which must end with the exit code. Returns what it prints."""
    with configured(project.settings), invocation.separate(), redirect_stdout(StringIO()) as printed:
        assert main(words) == exit_code
    return printed.getvalue()


class Verbs:
    """A project that verbs of `python -m pipeline` are run on."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def say(self, *words: str, exit_code: int = 0) -> str:
        """Runs a verb. Returns what it prints."""
        return run_verb(self.project, *words, exit_code=exit_code)

    def status(self, *options: str) -> dict[str, str]:
        """Returns the state and the reason of each stage."""
        lines = self.say("status", "PackImages", "--dataset", "tiny", *options).splitlines()
        return {line.split()[0]: " ".join(line.split()[1:]) for line in lines}


def refusal_of(project: Project, *words: str) -> str:
    """Runs a verb, which must be refused. Returns the message."""
    with configured(project.settings), invocation.separate(), pytest.raises(UserError) as refusal:
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
