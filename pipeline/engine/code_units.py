"""A module's code in units: each function, class member and constant, with its digest and the names it refers to.

Comments, docstrings, layout, annotations and the wording of a UserError do not count: none decides a result.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

AT_IMPORT = "import"  # the unit of the statements that run as the module is imported, and define nothing
_WITHOUT_MEANING = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Unit(NamedTuple):
    """A piece of code that counts on its own.

    A reference is `.name` for a name of the same module, `self.name` for a member of the same object, and a dotted path
    for what is imported.
    """

    digest: str
    references: tuple[str, ...]
    imports: tuple[str, ...]  # the paths that are imported as it runs


class Module(NamedTuple):
    """The units of a module by name, a class's members as `Class.member`; what it hands on, and what it imports."""

    units: dict[str, Unit]
    imported_names: dict[str, str]  # by the name they have here
    imports: tuple[str, ...]  # the paths that are imported as soon as the module is


def parse_module(source: bytes, name: str, is_package: bool, file: str = "") -> Module:
    """Returns the units of a module."""
    statements = _without_typing(_without_docstring(ast.parse(source, file or name)))
    reader = _Reader(name if is_package else name.rpartition(".")[0])
    imports = [node for statement in statements for node in _imports_at_once(statement)]
    reader.imported_names = reader.read_imports(imports)
    pieces: dict[str, list[ast.AST]] = {}
    for statement in statements:
        for unit in _units_of(statement):
            pieces.setdefault(unit, []).extend(_parts(statement, unit))
    reader.own_names = {unit.partition(".")[0] for unit in pieces}
    return Module(
        {unit: reader.read_unit(parts) for unit, parts in pieces.items()},
        reader.imported_names,
        tuple(sorted(reader.paths(imports))),
    )


def digest_tree(tree: ast.AST) -> str:
    """Returns a digest of what code does, the same in every version of Python that reads it alike."""
    return _digest([tree])


def _units_of(statement: ast.stmt) -> Iterator[str]:
    """Yields the names of the units that a statement at the top of a module belongs to."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return
    if getattr(statement, "decorator_list", []):
        yield AT_IMPORT  # a decorator may note what it is given
    if isinstance(statement, ast.ClassDef):
        yield from dict.fromkeys([statement.name, *(f"{statement.name}.{name}" for name in _members(statement))])
        return
    names = list(_bound_names(statement))
    yield from dict.fromkeys(names)
    if not names or not isinstance(statement, (*_FUNCTIONS, ast.Assign, ast.AnnAssign, ast.AugAssign)):
        yield AT_IMPORT


def _imports_at_once(statement: ast.stmt) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yields the imports that run as the module does, also those under an `if` or a `try`."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not isinstance(node, _FUNCTIONS):
            waiting += ast.iter_child_nodes(node)


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    """Yields the names that a statement gives a value to, wherever in it, but not within functions and classes."""
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        yield statement.name
        return
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        waiting += ast.iter_child_nodes(node)


def _members(statement: ast.ClassDef) -> list[str]:
    """Returns the names of a class's members, without declared options: these count by their values."""
    return [name for part in statement.body if not _is_option(part) for name in _bound_names(part)]


def _is_option(part: ast.stmt) -> bool:
    value = part.value if isinstance(part, ast.Assign | ast.AnnAssign) else None
    return isinstance(value, ast.Call) and _chain(value.func) == "option"


def _parts(statement: ast.stmt, unit: str) -> list[ast.AST]:
    """Returns what of a statement is in a unit: all of it, but for a class, which is cut into its members."""
    if unit == AT_IMPORT and (decorators := getattr(statement, "decorator_list", [])):
        return list(decorators)
    if not isinstance(statement, ast.ClassDef):
        return [statement]
    member = unit.partition(".")[2]
    body = _without_docstring(statement)
    if member:
        return [part for part in body if member in _bound_names(part)]
    values = [part for part in body if not isinstance(part, _FUNCTIONS) and not _is_option(part)]
    fields = [name for part in values for name in _bound_names(part)]
    rest = [part for part in body if not list(_bound_names(part))]
    in_order: list[ast.AST] = [ast.Constant(name) for name in fields]  # which is that of a row's values
    return [*statement.decorator_list, *statement.bases, *statement.keywords, *rest, *in_order]


class _Reader:
    """A reader that knows what the names in a module mean."""

    def __init__(self, package: str) -> None:
        self._package = package
        self.imported_names: dict[str, str] = {}
        self.own_names: set[str] = set()

    def read_imports(self, statements: Iterable[ast.AST]) -> dict[str, str]:
        """Returns the path that each imported name stands for."""
        names: dict[str, str] = {}
        for statement in statements:
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    path = alias.name if alias.asname else alias.name.partition(".")[0]
                    names[alias.asname or path] = path
            elif isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    names[alias.asname or alias.name] = f"{self._origin(statement)}.{alias.name}"
        return {name: path for name, path in names.items() if _may_be_ours(path)}

    def paths(self, statements: Iterable[ast.AST]) -> set[str]:
        """Returns every path that import statements name, also where the name it gets is that of its package."""
        paths = set(self.read_imports(statements).values())
        for statement in statements:
            if isinstance(statement, ast.Import):
                paths |= {alias.name for alias in statement.names if _may_be_ours(alias.name)}
        return paths

    def read_unit(self, parts: Sequence[ast.AST]) -> Unit:
        """Returns some code as a unit."""
        nodes = [node for part in parts for node in _nodes_that_count(part)]
        imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        imported_names = self.imported_names | self.read_imports(imports)
        chains = {chain for node in nodes if (chain := _chain(node))}
        references = {reference for chain in chains for reference in self._refer(chain, imported_names)}
        return Unit(_digest(parts), tuple(sorted(references)), tuple(sorted(self.paths(imports))))

    def _refer(self, chain: str, imported_names: Mapping[str, str]) -> Iterator[str]:
        root, dot, rest = chain.partition(".")
        if root in imported_names:
            yield f"{imported_names[root]}{dot}{rest}"
        if root in self.own_names:
            yield f".{chain}"
        if root in ("self", "cls", "super()") and rest:
            yield f"self.{rest.partition('.')[0]}"

    def _origin(self, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        parts = self._package.split(".")
        package = parts[: len(parts) - statement.level + 1]
        return ".".join([*package, *([statement.module] if statement.module else [])])


def _may_be_ours(path: str) -> bool:
    return path.partition(".")[0] not in sys.stdlib_module_names


def _chain(node: ast.AST) -> str:
    """Returns `a.b.c` of a name with attributes, and nothing of any other node."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
        attributes.append("super()")
    elif isinstance(node, ast.Name):
        attributes.append(node.id)
    else:
        return ""
    return ".".join(reversed(attributes))


def _nodes_that_count(tree: ast.AST) -> Iterator[ast.AST]:
    """Yields the nodes of code without those that decide nothing; `a.b.c` is one."""
    yield tree
    if _chain(tree):
        return
    for _, value in _fields_that_count(tree):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _nodes_that_count(child)


def _fields_that_count(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yields a node's fields, of functions without annotations, of a UserError without its words."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _chain(node.exc.func) == "UserError":
        yield "exc", node.exc.func
        return
    for name, value in ast.iter_fields(node):
        if name in _WITHOUT_MEANING or name in ("annotation", "returns"):
            continue
        yield name, _without_typing(_without_docstring(node)) if name == "body" and isinstance(value, list) else value


def _without_docstring(node: ast.AST) -> list[ast.stmt]:
    body: list[ast.stmt] = getattr(node, "body", [])
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return body[1:] if ast.get_docstring(node, clean=False) is not None else body
    return body


def _without_typing(statements: Iterable[ast.stmt]) -> list[ast.stmt]:
    """Returns statements without those that only a type checker reads."""
    kept: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.If) and _chain(statement.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            kept += statement.orelse
        else:
            kept.append(statement)
    return kept


def _digest(parts: Iterable[ast.AST]) -> str:
    plain = tuple(_plain(part) for part in parts)
    return hashlib.sha256(repr(plain).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(node: object) -> object:
    """Returns nodes as tuples of their filled fields alone: versions of Python differ in the empty ones."""
    if isinstance(node, ast.JoinedStr):
        node = ast.JoinedStr(_merged(node.values))
    if isinstance(node, ast.AST):
        filled = [(name, _plain(value)) for name, value in _fields_that_count(node)]
        return (type(node).__name__, *((name, value) for name, value in filled if value not in (None, ())))
    if isinstance(node, list):
        return tuple(_plain(item) for item in node)
    return None if node is None else f"{type(node).__name__} {node!r}"


def _merged(parts: list[ast.expr]) -> list[ast.expr]:
    """Returns an f-string's parts, its text in one piece where versions of Python cut it differently."""
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
