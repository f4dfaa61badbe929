"""Tries what changes of the code make stale, on a copy of it: each row of the table in docs/how-results-are-kept.md."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Project
from own_code import ROOT, OwnCode

RECIPES = {
    "recipe:five": {"base": "plain", "epochs": "1", "batch_size": "8"},
    "recipe:whitened": {"base": "sprint-few", "epochs": "1", "batch_size": "8", "scales": "1"},
}
REPORT = ("FullReport", "--dataset", "tiny", "--recipes", "five,whitened", "--audit", "true")


def stale_stages(code: OwnCode) -> set[str]:
    """Returns the stages that `status` calls stale, each with the recipe or fold."""
    run = code.python("-m", "pipeline", "status", *REPORT)
    assert run.returncode == 0, run.stderr
    return {re.split(r"  +", line)[0] for line in run.stdout.splitlines() if re.search(r"  stale  ", line)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> OwnCode:
    project = Project(tmp_path_factory.mktemp("copy"), tiny_archive)
    project.settings |= RECIPES
    project.settings["AuditLabels"] = {"recipe": "five", "folds": "2"}
    code = OwnCode(project)
    run = project.luigi(*REPORT, env=code.environment)
    assert run.returncode == 0, run.stderr
    return code


@pytest.fixture
def code(built: OwnCode) -> Iterator[OwnCode]:
    """The copy, as it was when the report was made: what a test edits is put back."""
    yield built
    built.put_back()


def altered(function: str) -> Callable[[str], str]:
    """An edit: adds a statement to a function."""

    def edit(text: str) -> str:
        nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
        last = next(node for node in nodes if node.name == function).body[-1]
        lines = text.splitlines()
        lines.insert(last.lineno - 1, f"{' ' * last.col_offset}added = 1")
        return "\n".join(lines) + "\n"

    return edit


def replaced(old: str, new: str) -> Callable[[str], str]:
    """An edit: one text in place of another."""

    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def appended(code: str) -> Callable[[str], str]:
    """An edit: adds some code at the end of a module."""
    return lambda text: f"{text}\n\n{code}\n"


def commented(text: str) -> str:
    """An edit: other words in every docstring, and a comment behind it."""
    return re.sub(r'"""[A-Z][^"]*"""', '"""Other words."""  # a comment', text)


TRAININGS = {"TrainModel five", "TrainModel whitened"}
FOLDS = {"TrainFold 0", "TrainFold 1"}
NEW_FUNCTION = appended("def idle() -> int:\n    return 1")

CHANGES: dict[str, tuple[str, Callable[[str], str], set[str]]] = {
    "a comment or a docstring": ("models/training/steps.py", commented, set()),
    "a new function that nothing calls": ("datasets/split.py", NEW_FUNCTION, set()),
    "the words of an error": (
        "datasets/small_classes.py",
        replaced("raise UserError(\n", "raise UserError('Oh: '\n"),
        set(),
    ),
    "what a progress bar shows": ("datasets/progress.py", altered("progress"), set()),
    "TensorBoard's log": ("models/training/event_log.py", appended("MORE = 1"), set()),
    "how results are kept": ("pipeline/engine/results.py", altered("point_link"), set()),
    "what the terminal shows": ("pipeline/terminal/closing_screen.py", altered("closing_screen"), set()),
    "the p-value that counts as a difference": (
        "models/evaluation/comparison.py",
        replaced("SIGNIFICANT = 0.05", "SIGNIFICANT = 0.01"),
        {"CompareRuns"},
    ),
    "how the split is drawn": ("datasets/split.py", altered("_by_rank"), {"SplitImages"}),
    "a step of the training": ("models/training/steps.py", altered("learning_steps"), TRAININGS | FOLDS),
    "a network": ("models/networks/whitened.py", altered("body"), {"TrainModel whitened"}),
    "a plot": ("reports/drawing/curves.py", altered("draw_curves"), {"PlotRun five", "PlotRun whitened"}),
    "a template of the report": ("reports/templates/page.html", appended("<p>More.</p>"), {"FullReport"}),
    "what a stage itself does": ("pipeline/stages/description.py", altered("build"), {"DescribeData"}),
}


def test_the_table_in_the_docs_has_these_rows() -> None:
    table = (ROOT / "docs/how-results-are-kept.md").read_text().partition("| a change of |")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE))
    assert list(rows) == list(CHANGES)
    assert [rows[row] == "nothing" for row in rows] == [not stale for *_, stale in CHANGES.values()]


@pytest.mark.slow
@pytest.mark.parametrize("row", CHANGES)
def test_a_change_makes_stale_what_it_decides_and_nothing_else(code: OwnCode, row: str) -> None:
    file, edit, stale = CHANGES[row]
    path = code.path(file)
    text = path.read_text()
    path.write_text(edit(text))
    assert path.read_text() != text
    assert stale_stages(code) == stale
