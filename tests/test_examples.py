"""The examples work as they stand, in a folder of their own, with trainings of one epoch."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "examples/notebook.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose settings shorten every training, in which the examples run one after the other."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "luigi.cfg").write_text("[TrainModel]\nepochs = 1\n")
    return folder


def run_python(folder: Path, *words: str) -> str:
    """Runs Python in a folder, as a user would; returns what it printed."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def code_cells() -> list[str]:
    """Returns the code of the notebook's cells, each with its last value printed as a notebook would show it."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [printing_last_value("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]


def printing_last_value(code: str) -> str:
    """Returns code that prints the value of its last line, where that has one."""
    tree = ast.parse(code)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.Expr(ast.Call(ast.Name("print", ast.Load()), [last.value], []))
    return ast.unparse(ast.fix_missing_locations(tree))


def test_the_script_moves_a_picture_and_tells_what_was_built_again(folder: Path) -> None:
    said = run_python(folder, str(ROOT / "examples/move_a_picture.py"))
    assert "Edits: train/tulip/0_0815.png: tulip to rocket" in said
    built = said.partition("Built again: ")[2].splitlines()[0].split(", ")
    assert {"IndexImages", "TrainModel plain", "FullReport"} <= set(built)
    assert "ExportImages" not in built


def test_the_notebook_runs_and_finds_the_first_results_again(folder: Path) -> None:
    images = folder / "workspace/sample/images/train"
    if moved := list(images.glob("rocket/0_0815.png")):  # as the script leaves it
        moved[0].rename(images / "tulip/0_0815.png")
    said = run_python(folder, "-c", "\n".join(code_cells())).splitlines()
    assert "PngImageFile" in "".join(said)
    assert said[-1] == "True"


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
