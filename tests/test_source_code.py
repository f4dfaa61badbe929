"""Tests what of the code is in a key: what it does, and not how it is written."""

import ast
from pathlib import Path

import pytest
from conftest import Project
from own_code import OwnCode

from pipeline.engine.code_units import digest_tree
from pipeline.engine.source_code import CodeView, _memory, _room_file

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
    assert digest(CODE) == "e45ad716276fee19"
    source = "class C(B, k=1):\n    x: int = f'a' f'{1:0{2}}!' 'b'\n    async def f(self): await self.g(*a, **b)"
    assert digest(source) == "ff015ab896a0c564"


@pytest.mark.parametrize(
    "same",
    [
        CODE.replace("width: int", "width: float"),
        CODE.replace(" -> int", ""),
        CODE.replace("return width", "if not width:\n        raise UserError('one')\n    return width"),
    ],
)
def test_annotations_and_the_words_of_an_error_do_not_count(same: str) -> None:
    other = same.replace("int = 2", "'int' = 2").replace("'one'", "f'{width} and more'")
    assert other != same
    assert digest(other) == digest(same)


class Code:
    """A package `pigeon_loft` of a test's own, whose code is read but never run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "pigeon_loft"
        self.folder.mkdir()
        self.memory = folder / "memory.json"
        self.write("__init__", "")

    def write(self, module: str, text: str) -> None:
        (self.folder / f"{module}.py").write_text(text)

    def reach(self, entry: str) -> dict[str, str]:
        return CodeView(self.memory, from_files=True).reach([f"pigeon_loft.{entry}"])

    def names(self, entry: str) -> set[str]:
        return {name.removeprefix("pigeon_loft.") for name in self.reach(entry)}


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Code:
    monkeypatch.syspath_prepend(tmp_path)
    _room_file.cache_clear()
    return Code(tmp_path)


def test_what_a_function_names_is_followed_and_nothing_else(code: Code) -> None:
    code.write("a", "from pigeon_loft import b\nLOW = 3\nHIGH = 4\ndef f(x): return b.g(x) > LOW\ndef idle(): pass\n")
    code.write("b", "from pigeon_loft.c import h as helper\ndef g(x): return helper(x)\ndef idle(): return helper(0)\n")
    code.write("c", "def h(x): return x\ndef idle(): pass\n")
    assert code.names("a:f") == {"a:f", "a:LOW", "b:g", "c:h"}


def test_an_import_within_a_function_is_followed(code: Code) -> None:
    code.write("a", "def f():\n    from pigeon_loft.b import g\n    from . import c\n    return g() + c.h()\n")
    code.write("b", "def g(): return 1\n")
    code.write("c", "def h(): return 1\ndef idle(): pass\n")
    assert code.names("a:f") == {"a:f", "b:g", "c:h"}


def test_a_class_is_followed_with_all_its_members_and_those_it_extends(code: Code) -> None:
    code.write("a", "from pigeon_loft.b import B\nclass C(B):\n    x = 1\n    def f(self): return g()\ndef g(): pass\n")
    code.write("b", "class B:\n    def run(self): return self.f()\n")
    assert code.names("a:C") == {"a:C", "a:C.x", "a:C.f", "a:g", "b:B", "b:B.run"}


def test_the_order_of_a_class_s_fields_counts_and_that_of_its_methods_does_not(code: Code) -> None:
    code.write("a", "class Row(NamedTuple):\n    x: int\n    y: int\n    def f(self): pass\n    def g(self): pass\n")
    first = code.reach("a:Row")
    code.write("a", "class Row(NamedTuple):\n    x: int\n    y: int\n    def g(self): pass\n    def f(self): pass\n")
    assert code.reach("a:Row") == first
    code.write("a", "class Row(NamedTuple):\n    y: int\n    x: int\n    def f(self): pass\n    def g(self): pass\n")
    assert code.reach("a:Row") != first


def test_a_package_may_be_one_file(code: Code, tmp_path: Path) -> None:
    (tmp_path / "pigeon_coop.py").write_text("def f(): return g()\ndef g(): return 1\ndef idle(): pass\n")
    view = CodeView(code.memory, from_files=True)
    assert view.reach(["pigeon_coop:f"]).keys() == {"pigeon_coop:f", "pigeon_coop:g"}


def test_what_a_package_hands_on_by_a_relative_import_is_followed(code: Code) -> None:
    code.write("__init__", "from .a import f\n")
    code.write("a", "from .b import g\ndef f(): return g()\n")
    code.write("b", "def g(): return 1\n")
    assert CodeView(code.memory, from_files=True).reach(["pigeon_loft:f"]).keys() == {
        "pigeon_loft.a:f",
        "pigeon_loft.b:g",
    }


def test_an_import_under_a_condition_is_followed(code: Code) -> None:
    code.write(
        "a", "import os\nif os.name:\n    from pigeon_loft.b import g\nelse:\n    g = None\ndef f(): return g()\n"
    )
    code.write("b", "def g(): return 1\n")
    assert {"a:f", "b:g"} <= code.names("a:f")


def test_an_imported_name_that_is_wrapped_is_followed_with_its_wrapper(code: Code) -> None:
    code.write("a", "from pigeon_loft.b import g, wrap\ng = wrap(g)\ndef f(): return g()\n")
    code.write("b", "def g(): return 1\ndef wrap(g): return g\n")
    assert code.names("a:f") == {"a:f", "a:g", "b:g", "b:wrap"}


def test_a_decorator_that_may_note_what_it_decorates_counts_with_the_module(code: Code) -> None:
    code.write("a", "from pigeon_loft.b import note\ndef f(): return 1\n@note\ndef g(): return 2\n")
    code.write("b", "def note(g): return g\n")
    assert code.names("a:f") == {"a:f", "a:import", "b:note"}


def test_a_declared_option_is_no_part_of_its_class(code: Code) -> None:
    text = "from pigeon_loft.b import option\nclass C:\n    x: int = 1\n    def f(self): return self.x\n"
    code.write("b", "def option(default): return default\n")
    code.write("a", text)
    first = code.reach("a:C")
    code.write("a", f"{text}    y: int = option(3)\n")
    assert code.reach("a:C") == first


def test_a_module_that_is_handed_around_is_followed_whole(code: Code) -> None:
    code.write("a", "from pigeon_loft import b\ndef f(): return getattr(b, 'g')()\n")
    code.write("b", "def g(): return 1\ndef h(): return 2\n")
    assert code.names("a:f") == {"a:f", "b:g", "b:h"}


def test_what_runs_when_a_module_is_imported_counts(code: Code) -> None:
    code.write("a", "import pigeon_loft.b\ndef f(): return 1\n")
    code.write("b", "import pigeon_loft.c\nX = 1\n")
    code.write("c", "import os\nos.environ['A'] = value()\ndef value(): return '1'\ndef idle(): pass\n")
    assert code.names("a:f") == {"a:f", "c:import", "c:value"}


def test_what_only_a_type_checker_reads_is_not_followed(code: Code) -> None:
    guarded = "if TYPE_CHECKING:\n    import pigeon_loft.b as b\n"
    code.write("a", f"from typing import TYPE_CHECKING\n{guarded}def f(x: 'b.B') -> b.B: return x\n")
    code.write("b", "class B: pass\n")
    assert code.names("a:f") == {"a:f"}


def test_names_that_go_round_in_a_circle_end(code: Code) -> None:
    code.write("a", "from pigeon_loft import b\ndef f(): return b.g\n")
    code.write("b", "from pigeon_loft import a\ndef g(): return a.f\n")
    assert code.names("a:f") == {"a:f", "b:g"}


def test_what_is_remembered_of_files_is_what_reading_them_gives(code: Code) -> None:
    code.write("a", "from pigeon_loft import b\nclass C:\n    x = 1\ndef f(): return b.g(C)\n")
    code.write("b", "def g(c): return 1\n")
    first = code.reach("a:f")
    assert code.memory.exists()
    _memory.cache_clear()
    assert code.reach("a:f") == first


def test_a_damaged_memory_is_made_again(code: Code) -> None:
    code.write("a", "def f(): return 1\n")
    code.memory.write_text("{")
    assert code.names("a:f") == {"a:f"}


def stages_built(code: OwnCode, *options: str) -> str:
    run = code.project.luigi("PackImages", "--dataset", "tiny", *options, env=code.environment)
    assert run.returncode == 0, run.stderr
    return next(line for line in run.stdout.splitlines() if line.strip().startswith("stages"))


@pytest.mark.slow
def test_one_setting_turns_the_watching_of_code_off(project: Project) -> None:
    code = OwnCode(project)
    assert "5 built" in stages_built(code, "--code-watch", "false")
    split = code.path("datasets/identity.py")
    split.write_text(split.read_text().replace("digest_size=8", "digest_size=9"))
    assert "nothing to build" in stages_built(code, "--code-watch", "false")
    assert "SplitImages" in (line := stages_built(code))
    assert "nothing to build" in stages_built(code), line
