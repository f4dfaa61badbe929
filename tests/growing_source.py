"""A source folder for tests that add files to it, take some away and bring them back."""

from pathlib import Path

import pytest
from conftest import Project
from picture_folder import paint_noise


@pytest.fixture
def pets(project: Project) -> Path:
    """A source of 120 pictures of three classes."""
    root = project.folder / "pets"
    for name in ("cat", "dog", "frog"):
        for number in range(40):
            paint_noise(root / name / f"{name} {2 * number}.png")
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(root), "size": "16"}
    return root
