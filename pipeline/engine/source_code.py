"""The code that a result is made by: every unit of our modules that some code can reach by name, each with its digest.

Code is read and never run. What a process has loaded counts, and the files only for modules that it has not loaded yet.
"""

import hashlib
import importlib.util
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from datasets.errors import UserError
from datasets.files.whole_file import write_whole
from pipeline.engine import code_units
from pipeline.engine.code_units import AT_IMPORT, Module, Unit, parse_module
from pipeline.engine.loaded_code import is_ours, loaded_source

# Code that decides no result, or is counted otherwise.
_NOT_FOLLOWED = (
    "pipeline",  # how results are kept, and what the terminal shows; of the stages their own code counts, see below
    "datasets.errors",
    "datasets.progress",
    "models.training.progress",  # these show how far some work is
    "models.training.event_log",  # TensorBoard's
    "datasets.section_options",
    "datasets.catalog",
    "models.recipes",  # options count by their values
    "datasets.plugins",
    "datasets.sources.source",
    "models.networks.catalog",
    "models.networks.network",  # contracts and tables: what is loaded by a name is named by the stages that use it
)
_FOLLOWED = "pipeline.stages"
_KEPT_AT_MOST = 1_000  # modules
_parsed: dict[str, Module] = {}  # by the same hash as a memory's, for all workspaces of this process
_IMPORTED = "!"  # at the end of a path that is imported: what runs as it is imported counts, and nothing else of it

IsStop = Callable[[str, str], bool]


class _Step(NamedTuple):
    """The units that a path stands for, and the module that is imported for them."""

    units: list[tuple[str, str, Unit]]
    module: str


class CodeView:
    """The code as this process sees it or, to hold that against them, as the files have it now."""

    def __init__(self, memory: Path, from_files: bool = False) -> None:
        self._memory, self._from_files = _memory(memory), from_files
        self._modules: dict[str, Module | None] = {}
        self._steps: dict[str, _Step] = {}  # by the path that leads there
        self._run_at_import: dict[str, list[str]] = {}  # by module
        self.answers: dict[object, dict[str, str]] = {}  # to what was asked of it already

    def reach(self, entries: Iterable[str], is_stop: IsStop = lambda module, name: False) -> dict[str, str]:
        """Returns the digest of each unit that can be reached from the entries, by `module:unit`.

        An entry is `module:name`, or a module for all that is in it. A name that is a stop is not followed.
        """
        reached: dict[str, str] = {}
        waiting = [entry.replace(":", ".") for entry in entries]
        seen: set[str] = set()
        imported: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            if path not in self._steps:
                self._steps[path] = _Step(list(self._find(path)), self._split(path.removesuffix(_IMPORTED))[0])
            for module, name, unit in self._steps[path].units:
                if f"{module}:{name}" in reached or is_stop(module, name.partition(".")[0]):
                    continue
                reached[f"{module}:{name}"] = unit.digest
                waiting += self.followed(module, unit)
            if (module := self._steps[path].module) not in imported:
                imported.add(module)
                waiting += self._what_import_runs(module)
        self._memory.keep()
        return dict(sorted(reached.items()))

    def unit(self, module: str, name: str) -> Unit | None:
        """Returns one unit, or None if there is none of that name."""
        found = self._module(module)
        return found.units.get(name) if found else None

    def has(self, entry: str) -> bool:
        """Returns whether there is code of that name, given as `module:name`."""
        return any(True for _ in self._find(entry.replace(":", ".")))

    @staticmethod
    def followed(module: str, unit: Unit) -> Iterator[str]:
        """Yields the paths of what a unit refers to, but for members of its own object."""
        for reference in unit.references:
            if reference.startswith("."):
                yield f"{module}{reference}"
            elif not reference.startswith("self.") and is_ours(reference.partition(".")[0]):
                yield reference
        yield from (f"{path}{_IMPORTED}" for path in unit.imports if is_ours(path.partition(".")[0]))

    def _find(self, path: str) -> Iterator[tuple[str, str, Unit]]:
        """Yields the units that a path stands for, wherever they are defined; all of a class, or of a module."""
        if path.endswith(_IMPORTED):
            return
        module_name, rest = self._split(path)
        module = self._module(module_name)
        if module is None or not is_followed(module_name):
            return
        name = rest.partition(".")[0]
        if name in module.imported_names and name not in module.units:
            yield from self._find(module.imported_names[name] + rest[len(name) :])
            return
        if name and name not in module.units:
            name = "__getattr__"  # which, where there is one, gives a module the names that it does not define
        for unit_name, unit in module.units.items():
            if not name or name in (unit_name, unit_name.partition(".")[0]):
                yield module_name, unit_name, unit

    def _what_import_runs(self, name: str) -> list[str]:
        """Returns the paths of what runs where a module is imported: its own statements, and the modules it imports."""
        if name not in self._run_at_import:
            paths = []
            for package in _with_packages(name):
                module = self._module(package)
                if module and is_followed(package):
                    paths += [f"{path}{_IMPORTED}" for path in module.imports if is_ours(path.partition(".")[0])]
                    paths += [f"{package}.{AT_IMPORT}"] if AT_IMPORT in module.units else []
            self._run_at_import[name] = paths
        return self._run_at_import[name]

    def _split(self, path: str) -> tuple[str, str]:
        """Returns the module of a path, and what follows it."""
        parts = path.split(".")
        count = 1
        while (
            count < len(parts) and _is_package(".".join(parts[:count])) and self._module(".".join(parts[: count + 1]))
        ):
            count += 1
        return ".".join(parts[:count]), ".".join(parts[count:])

    def _module(self, name: str) -> Module | None:
        if name not in self._modules:
            self._modules[name] = self._read(name)
        return self._modules[name]

    def _read(self, name: str) -> Module | None:
        if not is_ours(name.partition(".")[0]):
            return None
        file = _module_file(name)
        source = None if self._from_files else loaded_source(name)
        if source is None:
            source = file.read_bytes() if file else None
        return None if source is None else self._memory.parse(source, name, file)


class _Kept(NamedTuple):
    """A memory of what was read of source files, by the hash of their bytes."""

    path: Path
    modules: dict[str, Module]
    new: list[str]

    def parse(self, source: bytes, name: str, file: Path | None) -> Module:
        is_package = file is not None and file.name == "__init__.py"
        package = (name, is_package) if b"from ." in source else ""  # to which relative imports are relative
        key = hashlib.sha256(source + repr((package, _reader_digest())).encode()).hexdigest()[:24]
        if key not in self.modules:
            if key not in _parsed:
                _parsed[key] = _parse(source, name, is_package, file)
            self.modules[key] = _parsed[key]
            self.new.append(key)
        return self.modules[key]

    def keep(self) -> None:
        """Writes it, once there is a workspace to write it to: looking makes none."""
        if not self.new:
            return
        with suppress(OSError):  # it only saves time
            if not self.path.parent.is_dir():
                return
            newest = dict(list(self.modules.items())[-_KEPT_AT_MOST:])
            write_whole(self.path, json.dumps(newest), shared=True)
        self.new.clear()


def _parse(source: bytes, name: str, is_package: bool, file: Path | None) -> Module:
    try:
        return parse_module(source, name, is_package, str(file))
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise UserError(f"{file or name}{line}: Python cannot read this file: {error}") from error


@cache
def _reader_digest() -> str:
    """Returns a digest of the code that reads modules: what another read of them does not hold."""
    return hashlib.sha256(Path(code_units.__file__).read_bytes()).hexdigest()


@lru_cache(maxsize=4)
def _memory(path: Path) -> _Kept:
    return _Kept(path, _load_kept(path), [])


def _load_kept(path: Path) -> dict[str, Module]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {key: _module_of(*parts) for key, parts in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _module_of(units: dict[str, list[object]], imported_names: dict[str, str], imports: list[str]) -> Module:
    return Module({name: Unit(*unit) for name, unit in units.items()}, imported_names, tuple(imports))  # type: ignore[arg-type]


@cache
def is_followed(module: str) -> bool:
    """Returns whether the code of a module counts in keys, where it is reached."""
    if module == _FOLLOWED or module.startswith(f"{_FOLLOWED}."):
        return True
    return not any(module == name or module.startswith(f"{name}.") for name in _NOT_FOLLOWED)


def _with_packages(module: str) -> Iterator[str]:
    parts = module.split(".")
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))


@cache
def _room_file(room: str) -> Path | None:
    spec = importlib.util.find_spec(room)
    return Path(spec.origin) if spec and spec.origin else None


@cache
def _is_package(module: str) -> bool:
    file = _module_file(module)
    return file is not None and file.name == "__init__.py"


def _module_file(name: str) -> Path | None:
    """Returns the file of a module, found without importing anything above it; None for a name that is no module."""
    if name == "__main__":
        script = getattr(sys.modules[name], "__file__", None)
        return Path(script) if script else None
    room, *parts = name.split(".")
    top = _room_file(room)
    if top is None or not parts:
        return top
    if top.name != "__init__.py":
        return None
    module = top.parent.joinpath(*parts)
    for file in (module.with_suffix(".py"), module / "__init__.py"):
        if file.is_file():
            return file
    return None
