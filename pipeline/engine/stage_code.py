"""The code of a stage: its builder, the members and helpers that it calls, and all that these reach.

Not followed are the members that the engine asks every stage for, those that work out the key parameters (their values
count), and other stages (what they made counts).
"""

import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from pipeline.engine import invocation, settings
from pipeline.engine.loaded_code import ROOMS, watch_room
from pipeline.engine.source_code import CodeView

_NOT_OURS = ("luigi", "builtins", "typing")


def code_view(rooms: Iterable[str] = ()) -> CodeView:
    """Returns the code as this process sees it, the same all through an invocation."""
    folder = invocation.current_folder()
    return _kept_view(folder, frozenset(rooms), settings.workspace()) if folder else new_view(rooms)


def reached_code(*entries: str) -> dict[str, str]:
    """Returns the digest of each unit that can be reached from some code, each entry given as `module:object`."""
    return code_view().reach(entries)


def new_view(rooms: Iterable[str] = (), from_files: bool = False) -> CodeView:
    """Returns the code as it is now."""
    return CodeView(settings.workspace() / ".code.json", rooms, from_files)


def rooms_of(stage: type, unseen_code: Iterable[str]) -> frozenset[str]:
    """Returns the packages beside our own that a stage's code is in; what they load is noted from here on."""
    modules = [kind.__module__ for kind in stage.__mro__] + [name.partition(":")[0] for name in unseen_code]
    rooms = frozenset(module.partition(".")[0] for module in modules) - ROOMS - {*_NOT_OURS}
    for room in rooms:
        watch_room(room)
    return rooms


@lru_cache(maxsize=8)
def _kept_view(_invocation: Path, rooms: frozenset[str], workspace: Path) -> CodeView:
    return CodeView(workspace / ".code.json", rooms)


def reach_from(builder: str, stage: type, base: type, unseen_code: tuple[str, ...], view: CodeView) -> dict[str, str]:
    """Returns the digest of each unit that decides what a stage builds; `base` is what all stages share."""
    query = (builder, stage, unseen_code)
    if query not in view.answers:
        view.answers[query] = _reach_from(builder, stage, base, unseen_code, view)
    return view.answers[query]


def _reach_from(builder: str, stage: type, base: type, unseen_code: tuple[str, ...], view: CodeView) -> dict[str, str]:
    for entry in unseen_code:
        if entry.partition(".")[0] in ROOMS and not view.has(entry):
            raise LookupError(f"{stage.__name__} names the code {entry}, which there is not")
    asked_for = {*dir(base)} - {builder}
    by_value = members_from(stage, "key_parameters", asked_for, view)
    followed = members_from(stage, builder, asked_for | by_value, view) | {builder}
    own = {f"{module}:{unit}" for name in followed for module, unit in _definitions(stage, name, base)}

    def is_stop(module: str, name: str) -> bool:
        named = getattr(sys.modules.get(module), name, None)
        return isinstance(named, type) and issubclass(named, base)

    reached = {name: unit.digest for name in own if (unit := view.unit(*name.split(":")))}
    beyond = [
        path
        for name in own
        if (unit := view.unit(*name.split(":")))
        for path in view.followed(name.partition(":")[0], unit)
    ]
    return dict(sorted((reached | view.reach([*beyond, *unseen_code], is_stop)).items()))


def members_from(stage: type, first: str, stops: set[str], view: CodeView) -> set[str]:
    """Returns the members that one of a stage reads, and those that they read, up to some that are not followed."""
    found: set[str] = set()
    waiting = [first]
    while waiting:
        for module, unit_name in _definitions(stage, waiting.pop(), object):
            unit = view.unit(module, unit_name)
            references = unit.references if unit else ()
            names = {name.removeprefix("self.") for name in references if name.startswith("self.")} - stops - found
            waiting += names
            found |= names
    return found


def _definitions(stage: type, member: str, base: type) -> Iterator[tuple[str, str]]:
    """Yields the module and the unit of each definition of a member, in the stage and the classes that it extends."""
    for kind in stage.__mro__:
        if kind is base:
            return
        if member in vars(kind):
            yield kind.__module__, f"{kind.__qualname__}.{member}"
