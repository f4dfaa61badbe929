"""The source of our modules as this process loaded them: that is what runs, whatever becomes of the files."""

import sys
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOMS = frozenset({"pipeline", "datasets", "models", "reports"})

_rooms = set(ROOMS)
_sources: dict[str, bytes] = {}  # of each module, as it was when Python looked for it to load it


def watch_room(package: str) -> None:
    """Notes from here on what is loaded of another package too."""
    if package not in _rooms:
        _rooms.add(package)
        _note_loaded(package)


def loaded_source(module: str) -> bytes | None:
    """Returns the source that a module was loaded from, or None if it is not loaded."""
    return _sources.get(module) if module in sys.modules else None


class _NotingFinder(MetaPathFinder):
    """A finder that leaves the finding to the others, and notes the source of what they find."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] not in _rooms:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = next((spec for finder in others if (spec := finder.find_spec(name, path, target))), None)
        if found:
            _note(name, found.origin)
        return found


def _note_loaded(room: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == room]:
        spec = getattr(sys.modules[name], "__spec__", None)
        _note(name, spec.origin if spec else None)


def _note(name: str, file: str | None) -> None:
    if file and file.endswith(".py"):
        _sources[name] = Path(file).read_bytes()


def _begin(rooms: Iterable[str]) -> None:
    sys.meta_path.insert(0, _NotingFinder())
    for room in rooms:
        _note_loaded(room)


_begin(ROOMS)
