"""The section `Each run`: everything about one run, in the order of PARTS.

A part is a template of reports/templates/run/.
"""

from reports.content import Page
from reports.facts.confusion import read_confusions
from reports.facts.explanation import read_explanations, read_layers
from reports.facts.mistakes import read_mistakes
from reports.pictures.matrices import embed_matrices
from reports.section import Section, Template, fill

PARTS = (
    "layers",
    "curves",
    "confusion",
    "classes",
    "calibration",
    "mistakes",
    "explanation",
    "channels",
    "batch",
)


class EachRun(Section):
    """A block for each run, which can be opened and closed."""

    title = "Each run"

    def render(self, page: Page) -> Template:
        """Returns every run with its curves, tables and pictures."""
        evaluate_dirs = {run.name: run.evaluate_dir for run in page.runs}
        return fill(
            "each_run.html",
            parts=[f"run/{part}.html" for part in PARTS],
            layers_by_run={run.name: read_layers(run.explain_dir) for run in page.runs},
            confusions=read_confusions(evaluate_dirs, page.pack_dir),
            matrices=embed_matrices(page.runs),
            mistakes_by_run=read_mistakes(evaluate_dirs, page.pack_dir, page.mistakes) if page.mistakes else {},
            explanations=read_explanations(page.runs),
        )
