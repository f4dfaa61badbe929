"""Tests that the docs say everything there is to set and to type, and nothing that is not."""

import re
from pathlib import Path

import pytest
from luigi.task_register import Register

from datasets import catalog
from models.networks.catalog import BUILT_IN as BUILT_IN_NETWORKS
from models.recipes.option_reading import OPTIONS as RECIPE_OPTIONS
from models.recipes.table import BUILT_IN as BUILT_IN_RECIPES
from pipeline.__main__ import VERBS
from pipeline.terminal.task_help import task_names

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


@pytest.mark.parametrize("name", BUILT_IN_NETWORKS)
def test_every_built_in_network_has_its_row_among_the_networks(name: str) -> None:
    assert f"\n| `{name}` |" in SETTINGS.partition("### The networks")[2].partition("\n### ")[0]


@pytest.mark.parametrize("name", [*VERBS, *task_names()])
def test_every_verb_and_task_is_documented(name: str) -> None:
    assert name in README


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_folder_of_the_project_that_a_page_names_is_there(page: Path) -> None:
    for path in re.findall(
        r"`((?:pipeline|datasets|models|reports|tests|benchmarks|examples|docs)/[\w/.-]*)`", page.read_text()
    ):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_the_readme_leads_to_every_page(page: Path) -> None:
    assert f"(docs/{page.name}" in README


def glossary() -> list[str]:
    """Returns the words that the glossary explains."""
    return re.findall(r"^\| ([a-z][a-z -]*) \| [A-Z`]", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)


def test_the_glossary_is_in_alphabetical_order() -> None:
    assert glossary() == sorted(glossary())
    assert len(glossary()) > 40


def test_every_word_of_the_glossary_is_used_in_the_code_or_the_docs() -> None:
    files = [path for room in ("pipeline", "datasets", "models", "reports") for path in (ROOT / room).rglob("*.py")]
    pages = [page for page in PAGES if page.name != "glossary.md"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*files, *pages])
    for word in glossary():
        assert re.search(rf"\b{word.replace(' ', '[ _]')}", text, re.IGNORECASE), word


def test_each_task_of_the_makefile_is_in_the_page_for_contributors_with_its_commands() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    tasks = re.findall(r"^([a-z-]+): ## .*\n\t(.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert len(tasks) == 5
    for task, commands in tasks:
        if task != "setup":
            assert f"make {task}`" in page
        for command in commands.split(" && "):
            assert command in page
