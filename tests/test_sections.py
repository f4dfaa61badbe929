"""A section of the report that another package brings: found by its entry point, placed, escaped, and its failures."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Project
from page_inputs import ReadPage, write_inputs

import pipeline
from datasets.plugins import load
from reports.section import BUILT_IN, offered_sections, section_references

ROOT = Path(__file__).parent.parent

SHARPNESS = '''
"""The section `Sharpness`: a section in one file."""

from reports.content import Page
from reports.section import Section, Template
from reports.table_values import read_records

HTML = """<p>{{ page.dataset }}: {{ page.results | length }} runs, {{ wrong | length }} files left out; {{ odd }}</p>"""


class Sharpness(Section):
    """How sharp the pictures are."""

    title = "Sharpness"
    chapter = "The data"
    after = "counts"

    def render(self, page: Page) -> Template:
        """Returns the sharpness."""
        return Template(HTML, {"wrong": read_records(page.index_dir / "rejected.csv"), "odd": "<b>bold</b>"})


class Plain(Section):
    """A section that returns text, which is no HTML."""

    title = "Plain <i>text</i>"

    def render(self, page: Page) -> str:
        """Returns text."""
        return "<script>alert(1)</script>"


class Broken(Section):
    """A section with a mistake in it."""

    title = "Broken"

    def render(self, page: Page) -> str:
        """Fails."""
        return page.nothing


class Forgetful(Section):
    """A section that returns nothing."""

    title = "Forgetful"

    def render(self, page: Page) -> str:
        """Returns nothing."""
'''


def install(folder: Path, module: str, **sections: str) -> Path:
    """Installs a package with sections, as pip lays it out, and returns the folder to put on PYTHONPATH."""
    (folder / "sharpness.py").write_text(module)
    about = folder / "pigeonhole_sharpness-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeonhole-sharpness\nVersion: 1.0\n")
    entries = "".join(f"{name} = {reference}\n" for name, reference in sections.items())
    (about / "entry_points.txt").write_text(f"[pigeonhole.sections]\n{entries}")
    return folder


def run(site: Path, *command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs Python where the package is installed."""
    path = os.pathsep.join((str(site), str(ROOT), str(ROOT / "tests")))
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )


WRITE = """
import sys
from pathlib import Path
from page_inputs import write_inputs
from reports.page import write_page
write_page(Path(sys.argv[2]), write_inputs(Path(sys.argv[1]), ["cat", "dog"]))
"""


def written(folder: Path, module: str, **sections: str) -> tuple[str, str]:
    """Returns a page with the sections of the package, and what was printed to the terminal."""
    (folder / "site").mkdir()
    site = install(folder / "site", module, **sections)
    printed = run(site, "-c", WRITE, str(folder), str(folder / "report.html")).stderr
    return (folder / "report.html").read_text(), printed


def links(html: str) -> list[str | None]:
    """Returns where the navigation leads, in the order of the page."""
    return [attributes.get("href") for _, attributes in ReadPage(html.split("<nav")[1].split("</nav>")[0]).all("a")]


def test_every_built_in_section_goes_by_the_contract(tmp_path: Path) -> None:
    page = write_inputs(tmp_path, ["cat", "dog"])
    for offer in offered_sections().values():
        section = load(offer)()
        assert section.title
        assert section.render(page).text
    assert section_references() == tuple(BUILT_IN.values())


def test_sections_of_a_package_stand_at_their_places_with_their_values_escaped(tmp_path: Path) -> None:
    html, printed = written(tmp_path, SHARPNESS, sharp="sharpness:Sharpness", plain="sharpness:Plain")
    found = links(html)
    assert found[found.index("#counts") + 1] == "#sharp"
    assert found[-1] == "#plain"
    assert "<p>sample: 2 runs, 2 files left out; &lt;b&gt;bold&lt;/b&gt;</p>" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Plain &lt;i&gt;text&lt;/i&gt;" in html
    assert printed == ""


def test_a_section_that_fails_names_its_package_and_leaves_the_rest_of_the_report(tmp_path: Path) -> None:
    html, printed = written(
        tmp_path, SHARPNESS, broken="sharpness:Broken", forgetful="sharpness:Forgetful", missing="sharpness:Nowhere"
    )
    text = " ".join(ReadPage(html).text.split())
    assert text.count("It comes from the package pigeonhole-sharpness") == 3
    assert "has no attribute 'nothing'" in text
    assert "render returned None" in text
    assert "missing of the package pigeonhole-sharpness cannot be loaded from sharpness:Nowhere" in text
    assert links(html)[-4:] == ["#model-cards", "#broken", "#forgetful", "#missing"]
    assert "The section broken of the package pigeonhole-sharpness failed: AttributeError" in printed


def test_the_section_of_the_docs_works(tmp_path: Path) -> None:
    example = (ROOT / "docs/report.md").read_text().split("```python\n")[1].split("```")[0]
    html, printed = written(tmp_path, example, docs="sharpness:SureMistakes")
    assert "<p>0 test pictures were named wrong with more than 90%.</p>" in html
    found = links(html)
    assert found[found.index("#each-run") + 1] == "#docs"
    assert printed == ""


@pytest.mark.slow
def test_a_package_adds_its_section_to_a_real_report(project: Project, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    install(site, SHARPNESS, sharp="sharpness:Sharpness")
    words = ("FullReport", "--local-scheduler", "--dataset", "tiny", "--recipes", "quick")
    run(site, "-m", "luigi", "--module", "pipeline", *words, folder=project.write_settings())
    report = project.home / "latest/report"
    html = (report / "report.html").read_text()
    assert re.search(r'<section id="sharp" .*?<p>tiny: 1 runs, 0 files left out;', html, re.DOTALL)
    with_section = report.resolve().name
    assert project.built(pipeline.FullReport, recipes=("quick",)) == {"FullReport"}
    assert report.resolve().name != with_section  # without the package it is another report
