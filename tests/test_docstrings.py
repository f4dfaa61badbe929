"""Every docstring is a sentence: it begins with a verb in the third person or with an article, and it ends."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("pipeline", "datasets", "models", "reports", "benchmarks", "examples", "tests")
ARTICLES = {"A", "An", "The", "Each", "Every"}
# Words that end in s and are no verbs, or verbs that ask or go on from the function's name.
NO_VERBS = {
    *("As", "Has", "Is", "Its", "Theirs", "This", "Was", "Yes"),
    *("Arrays", "Bits", "Classes", "Columns", "Epochs", "Files", "Folders", "Groups", "Images", "Labels", "Lines"),
    *("Models", "Names", "Numbers", "Options", "Paths", "Pictures", "Pixels", "Plots", "Recipes", "Results", "Rows"),
    *("Seconds", "Sentences", "Settings", "Stages", "Tables", "Values", "Weights", "Words"),
}


def docstrings(file: Path) -> Iterator[tuple[int, str]]:
    """Yields each docstring of a file with its line."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text is not None:
                yield node.body[0].lineno, text


def is_a_sentence(text: str) -> bool:
    """Returns whether a docstring's first paragraph begins and ends as a sentence does."""
    paragraph = text.partition("\n\n")[0].rstrip()
    words = paragraph.split()
    if not words or not paragraph.endswith((".", ":")):
        return False
    if words[0] in ARTICLES:
        return len(words) > 1
    first = words[0].rstrip(",;")
    is_verb = first.isalpha() and first[0].isupper() and first.endswith("s") and first not in NO_VERBS
    return is_verb and words[1:2] != ["of"]


@pytest.mark.parametrize("room", ROOMS)
def test_every_docstring_is_a_sentence(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    found = [(file, line, text) for file in files for line, text in docstrings(file) if not is_a_sentence(text)]
    told = "\n".join(f"{file.relative_to(ROOT)}:{line}: {text.splitlines()[0]}" for file, line, text in found)
    assert not found, f"{len(found)} docstrings do not begin with a verb in the third person or an article:\n{told}"


@pytest.mark.parametrize(
    "text", ["Returns the classes.", "Trains; returns the model.", "The user's error.", "Shows how:\n\n    code"]
)
def test_a_verb_or_an_article_begins_a_sentence(text: str) -> None:
    assert is_a_sentence(text)


@pytest.mark.parametrize(
    "text",
    ["", "Return it.", "Whether it is there.", "Names of recipes.", "Is there.", "Of each the looks.", "Reads it"],
)
def test_anything_else_does_not(text: str) -> None:
    assert not is_a_sentence(text)
