"""The source of our modules as this process loaded them: that is what runs, whatever becomes of the files.

Ours are this project's modules, those of packages that extend it, and those that lie in a folder of the user's.
"""

import sys
import sysconfig
from collections.abc import Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOMS = frozenset({"pipeline", "datasets", "models", "reports"})

_extensions: set[str] = set()
_sources: dict[str, bytes] = {}  # of each module, as it was when Python first looked for it to load it


def is_ours(package: str) -> bool:
    """Returns whether the code of a package may count in keys."""
    return package in ROOMS or package in _extensions or package == "__main__" or _lies_with_user(package)


def watch_extension(package: str) -> None:
    """Notes from here on what is loaded of a package that extends this project."""
    if not is_ours(package):
        _extensions.add(package)
        _note_loaded(package)


def loaded_source(module: str) -> bytes | None:
    """Returns the source that a module was loaded from, or None if it is not loaded."""
    return _sources.get(module) if module in sys.modules else None


class _NotingFinder(MetaPathFinder):
    """A finder that leaves the finding to the others, and notes the source of what they find."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not is_ours(name.partition(".")[0]):
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = next((spec for finder in others if (spec := finder.find_spec(name, path, target))), None)
        if found and name not in sys.modules:  # what is loaded again stays that of before for those who use it
            _note(name, found.origin)
        return found


@cache
def _lies_with_user(package: str) -> bool:
    """Returns whether a package is found on Python's path, but not where packages are installed."""
    if package in sys.stdlib_module_names:
        return False
    installed = {*sysconfig.get_paths().values()}
    folders = [Path(entry or ".") for entry in sys.path if entry not in installed and "-packages" not in entry]
    places = [place for folder in folders for place in (folder / f"{package}.py", folder / package / "__init__.py")]
    return any(place.is_file() for place in places)


def _note_loaded(package: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        spec = getattr(sys.modules[name], "__spec__", None)
        _note(name, spec.origin if spec else getattr(sys.modules[name], "__file__", None))


def _note(name: str, file: str | None) -> None:
    if file and file.endswith(".py") and Path(file).is_file():
        _sources[name] = Path(file).read_bytes()


def _begin() -> None:
    sys.meta_path.insert(0, _NotingFinder())
    for package in {name.partition(".")[0] for name in sys.modules}:
        if is_ours(package):
            _note_loaded(package)


_begin()
