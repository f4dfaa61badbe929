"""A project with a copy of our code of its own, which its commands run and a test may edit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import Project

ROOT = Path(__file__).parent.parent
ROOMS = ("pipeline", "datasets", "models", "reports")


class OwnCode:
    """The copy, and the commands that run it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.environment = os.environ | {"PYTHONPATH": str(project.folder)}
        self.put_back()

    def put_back(self) -> None:
        """Makes the copy again what our code is."""
        for room in ROOMS:
            source, copy = ROOT / room, self.project.folder / room
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)

    def path(self, file: str) -> Path:
        """Returns the path of one of its files."""
        return self.project.folder / file

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs Python in the project's folder."""
        folder = self.project.write_settings()
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=folder, env=self.environment, capture_output=True, text=True, timeout=300)
