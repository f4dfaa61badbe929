"""The docs say everything there is to set and to type, and nothing that is not."""

import re
from pathlib import Path

import pytest
from luigi.task_register import Register

import pipeline
from datasets import catalog
from models.recipes.options import OPTIONS as RECIPE_OPTIONS
from models.recipes.table import BUILT_IN as BUILT_IN_RECIPES
from pipeline.__main__ import VERBS

ROOT = Path(__file__).parent.parent
SETTINGS = (ROOT / "docs/settings.md").read_text()
README = (ROOT / "README.md").read_text()
RECIPES = (ROOT / "docs/recipes.md").read_text()


@pytest.mark.parametrize("option", [*catalog.dataset_options(), *RECIPE_OPTIONS])
def test_every_option_of_a_data_set_or_a_recipe_is_documented(option: str) -> None:
    assert f"`{option}`" in SETTINGS


SECTIONS = ("paths", "cifar", "code", "FullReport", "CompareRuns", "TrainModel", "SplitImages", "AuditLabels")


@pytest.mark.parametrize("section", SECTIONS)
def test_every_option_of_a_section_is_documented(section: str) -> None:
    assert f"`[{section}]`" in SETTINGS
    for option, _ in Register.get_task_cls(section).get_params():
        assert f"`{option}`" in SETTINGS


@pytest.mark.parametrize("name", [*catalog.BUILT_IN, *BUILT_IN_RECIPES])
def test_every_built_in_data_set_and_recipe_is_documented(name: str) -> None:
    assert f"`{name}`" in SETTINGS + README + RECIPES


@pytest.mark.parametrize("name", [*VERBS, *(name for name in pipeline.__all__ if name != "build")])
def test_every_verb_and_task_is_documented(name: str) -> None:
    assert name in README


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target
