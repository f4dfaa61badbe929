"""What of the code is in a key: what it does, and not how it is written."""

import ast
import os
import shutil
from pathlib import Path

import pytest
from conftest import Project

from pipeline.engine.source_code import digest_modules, digest_tree

CODE = '''
"""A module."""
import os

def area(width: int, height: int = 2) -> int:
    """Its docstring."""
    return width * height  # a comment
'''


def digest(source: str) -> str:
    return digest_tree(ast.parse(source))


@pytest.mark.parametrize(
    "same",
    [
        CODE.replace("# a comment", "# another"),
        CODE.replace("Its docstring.", "Another."),
        CODE.replace("A module.", "Another."),
        CODE.replace("width * height", "(width*height)"),
        CODE.replace("\n\n", "\n\n\n\n"),
    ],
)
def test_comments_docstrings_and_layout_do_not_count(same: str) -> None:
    assert same != CODE
    assert digest(same) == digest(CODE)


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("height: int = 2", "height: int = 3"),
        CODE.replace("height: int = 2", "height: int = True"),
        CODE.replace("width * height", "height * width"),
        CODE.replace("import os", "import sys"),
        CODE.replace("return width", "return 'x' and width"),
        CODE.replace("return width", "'not a docstring' and None\n    return width"),
    ],
)
def test_whatever_it_does_counts(other: str) -> None:
    assert other != CODE
    assert digest(other) != digest(CODE)


def test_the_digest_is_the_same_in_every_version_of_python() -> None:
    assert digest(CODE) == "18a6ff6ca2b28a9e"
    source = "class C(B, k=1):\n    x: int = f'a' f'{1:0{2}}!' 'b'\n    async def f(self): await self.g(*a, **b)"
    assert digest(source) == "4a773665f968297b"


def test_modules_are_followed_through_imports_wherever_they_stand(tmp_path: Path) -> None:
    modules = digest_modules(["datasets.index"], [], tmp_path / "memory.json")
    assert {"datasets.index", "datasets.matching", "datasets.naming", "datasets.errors"} <= modules.keys()
    assert "datasets.pictures" in modules, "imported within a function"
    assert not any(name.startswith(("pipeline", "models", "reports")) for name in modules)


def test_what_is_remembered_of_files_is_what_reading_them_gives(tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    first = digest_modules(["pipeline.engine.stage"], [], memory)
    assert memory.exists()
    assert digest_modules(["pipeline.engine.stage"], [], memory) == first


def test_a_damaged_memory_is_made_anew(tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    first = digest_modules(["datasets.naming"], [], tmp_path / "other.json")
    memory.write_text("{")
    assert digest_modules(["datasets.naming"], [], memory) == first


@pytest.fixture
def own_code(project: Project) -> Project:
    """A project with a copy of our code, which its commands then run."""
    root = Path(__file__).parent.parent
    for room in ("pipeline", "datasets", "models", "reports"):
        shutil.copytree(root / room, project.folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    return project


def stages_built(project: Project, *options: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(project.folder)}
    run = project.luigi("PackImages", "--dataset", "tiny", *options, env=environment)
    assert run.returncode == 0, run.stderr
    return next(line for line in run.stdout.splitlines() if line.strip().startswith("stages"))


def change(module: Path, old: str, new: str) -> None:
    text = module.read_text()
    assert old in text
    module.write_text(text.replace(old, new))


def test_a_changed_module_rebuilds_the_stages_that_import_it_and_a_changed_comment_none(own_code: Project) -> None:
    assert "5 built" in stages_built(own_code)
    written = '"""Writes split.csv, joined.csv and leaks.csv."""'
    change(own_code.folder / "datasets/split.py", written, '"""Write it."""  # a comment')
    assert "nothing to build" in stages_built(own_code)
    change(own_code.folder / "datasets/split.py", "digest_size=8", "digest_size=9")
    assert "SplitImages" in (line := stages_built(own_code))
    assert "IndexImages" not in line


def test_one_setting_turns_the_watching_of_code_off(own_code: Project) -> None:
    stages_built(own_code, "--code-watch", "false")
    change(own_code.folder / "datasets/split.py", "digest_size=8", "digest_size=9")
    assert "nothing to build" in stages_built(own_code, "--code-watch", "false")
