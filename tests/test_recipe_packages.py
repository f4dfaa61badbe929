"""Tests that recipes of other packages are found by their entry points, and that the example in the docs is one."""

import os
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parent.parent / "docs/recipes.md").read_text(encoding="utf-8")
ENTRY = "gentle = gentle_training:GENTLE"
RECIPES = PAGE.partition('gentle = "gentle_training:GENTLE"')[2].partition("```python")[2].partition("```")[0]


def install(folder: Path, entry: str, source: str = RECIPES) -> None:
    """Makes a package `gentle-training` in a folder, with an entry point as pip would write it."""
    (folder / "gentle_training.py").write_text(source, encoding="utf-8")
    described = folder / "gentle_training-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: gentle-training\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[pigeonhole.recipes]\n{entry}\n")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs Python where the packages of a folder are installed."""
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", ""), str(Path(__file__).parent.parent)])
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True)


def resolved(folder: Path, name: str, sections: str = "{}") -> subprocess.CompletedProcess[str]:
    """Puts a recipe together where the package is installed, and prints its learning rate."""
    code = f"from models.recipes.lookup import resolve; print(resolve({name!r}, {sections}, {{}}).learning_rate)"
    return run(folder, "-c", code)


def test_a_recipe_of_a_package_is_listed_and_used(tmp_path: Path) -> None:
    install(tmp_path, ENTRY)
    listing = run(tmp_path, "-m", "pipeline", "recipes")
    (line,) = (line for line in listing.stdout.splitlines() if line.startswith("gentle"))
    assert line.split() == ["gentle", "398,566", "cifar10", "plain", "with", "a", "small", "learning", "rate"]
    assert resolved(tmp_path, "gentle").stdout == "0.0001\n"


def test_a_section_can_be_based_on_a_recipe_of_a_package_or_change_it(tmp_path: Path) -> None:
    install(tmp_path, ENTRY)
    assert resolved(tmp_path, "mine", "{'mine': {'base': 'gentle'}}").stdout == "0.0001\n"
    assert resolved(tmp_path, "gentle", "{'gentle': {'learning_rate': '0.02'}}").stdout == "0.02\n"


def test_a_recipe_that_is_built_in_loads_no_other_package(tmp_path: Path) -> None:
    install(tmp_path, ENTRY, source="raise SystemExit('imported')")
    assert resolved(tmp_path, "plain").stdout == "0.001\n"


def test_mistakes_in_a_recipe_of_a_package_name_the_package(tmp_path: Path) -> None:
    for number, (options, message) in enumerate(
        [
            ({"epoch": 3}, "recipe gentle of the package gentle-training: there is no option 'epoch'"),
            ({"epochs": 0}, "recipe gentle of the package gentle-training: epochs = 0 is not valid"),
            ({"base": "plian"}, "recipe gentle of the package gentle-training: base: there is no recipe 'plian'"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        source = f"from models.recipes.table import RecipeEntry\nGENTLE = RecipeEntry('x', 'cifar10', 0, {options})"
        install(folder, ENTRY, source)
        assert message in resolved(folder, "gentle").stderr


def test_what_is_no_recipe_is_refused_with_its_package(tmp_path: Path) -> None:
    install(tmp_path, ENTRY, source="GENTLE = {'epochs': 3}")
    message = resolved(tmp_path, "gentle").stderr
    assert "the package gentle-training offers the recipe gentle as gentle_training:GENTLE" in message
    assert "of the type dict and no RecipeEntry" in message


def test_a_package_cannot_take_the_name_of_a_built_in_recipe(tmp_path: Path) -> None:
    install(tmp_path, "plain = gentle_training:GENTLE")
    listing = run(tmp_path, "-m", "pipeline", "recipes")
    assert listing.returncode == 2
    assert "the package gentle-training offers plain among pigeonhole.recipes" in listing.stderr
