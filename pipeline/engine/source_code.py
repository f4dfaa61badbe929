"""The code that a result was made by: the first-party modules reachable from a stage's own, each by its syntax tree.

Comments, docstrings and layout do not count. Trees are kept by the hash of their file in the workspace, so that a look
at unchanged code parses nothing.
"""

import ast
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

ROOMS = ("pipeline", "datasets", "models", "reports")
_WITHOUT_MEANING = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_WITHOUT_EFFECT = frozenset({"datasets.progress", "models.training.progress"})  # they only show how far a work is
_FORMAT = 1


class Module(NamedTuple):
    """One module's digest and what it imports of ours."""

    digest: str
    imports: tuple[str, ...]


def digest_modules(entries: Iterable[str], data_files: Iterable[Path], memory: Path) -> dict[str, str]:
    """The digest of each module reachable from the entries, and of each data file, by name."""
    trees = _tree_memory(memory)
    digests: dict[str, str] = {}
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        path = _module_path(name)
        if name in digests or name in _WITHOUT_EFFECT or path is None:
            continue
        module = trees.read(path)
        digests[name] = module.digest
        waiting += module.imports
    trees.keep()
    for file in sorted(data_files):
        digests[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    return dict(sorted(digests.items()))


class _TreeMemory:
    """What is known of source files by the hash of their bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _load_memory(path)
        self._grown = False

    def read(self, file: Path) -> Module:
        source = file.read_bytes()
        key = hashlib.sha256(source).hexdigest()[:24]
        if key not in self._known:
            tree = ast.parse(source)
            self._known[key] = Module(digest_tree(tree), tuple(sorted(set(_first_party_imports(tree)))))
            self._grown = True
        return self._known[key]

    def keep(self) -> None:
        """Write it, once there is a workspace to write it to: looking makes none."""
        if not self._grown or not self._path.parent.is_dir():
            return
        try:
            written = self._path.with_suffix(".new")
            written.write_text(json.dumps({"format": _FORMAT, "modules": self._known}), encoding="utf-8")
            written.replace(self._path)
        except OSError:
            pass  # it only saves time
        self._grown = False


@lru_cache(maxsize=4)
def _tree_memory(path: Path) -> _TreeMemory:
    return _TreeMemory(path)


def _load_memory(path: Path) -> dict[str, Module]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["format"] == _FORMAT:
            return {key: Module(digest, tuple(imports)) for key, (digest, imports) in kept["modules"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return {}


def digest_tree(tree: ast.AST) -> str:
    """A digest of what code does, the same in every version of Python that reads it alike."""
    return hashlib.sha256(repr(_plain(tree)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(node: object) -> object:
    """Nodes as tuples of their filled fields alone: versions of Python differ in the empty ones."""
    if isinstance(node, ast.JoinedStr):
        node = ast.JoinedStr(_merged(node.values))
    if isinstance(node, ast.AST):
        fields = ((name, value) for name, value in ast.iter_fields(node) if name not in _WITHOUT_MEANING)
        filled = [(name, _plain(_without_docstring(node, name, value))) for name, value in fields]
        return (type(node).__name__, *((name, value) for name, value in filled if value not in (None, ())))
    if isinstance(node, list):
        return tuple(_plain(item) for item in node)
    return None if node is None else f"{type(node).__name__} {node!r}"


def _merged(parts: list[ast.expr]) -> list[ast.expr]:
    """An f-string's parts, its text in one piece where versions of Python cut it differently."""
    merged: list[ast.expr] = []
    for part in parts:
        before = merged[-1] if merged else None
        if isinstance(part, ast.Constant) and part.value == "":
            continue
        if isinstance(part, ast.Constant) and isinstance(before, ast.Constant):
            merged[-1] = ast.Constant(f"{before.value!s}{part.value!s}")
        else:
            merged.append(part)
    return merged


def _without_docstring(node: ast.AST, name: str, value: object) -> object:
    if name == "body" and isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return node.body[1:] if ast.get_docstring(node, clean=False) is not None else value
    return value


def _first_party_imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in ROOMS)


@cache
def _room_dir(room: str) -> Path | None:
    spec = importlib.util.find_spec(room)
    return Path(spec.origin).parent if spec and spec.origin else None


def _module_path(name: str) -> Path | None:
    """The file of a module, found without importing anything above it; None for a name that is no module."""
    room, *parts = name.split(".")
    base = _room_dir(room)
    if base is None:
        return None
    module = base.joinpath(*parts)
    for file in (module.with_suffix(".py"), module / "__init__.py"):
        if file.is_file():
            return file
    return None
