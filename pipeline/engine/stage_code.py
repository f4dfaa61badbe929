"""The code of a stage: its builder, the members and helpers that it calls, and all that these reach.

Not followed are the members that the engine asks every stage for, those that work out the key parameters (their values
count), and other stages (what they made counts).
"""

import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import luigi

from datasets.errors import UserError
from pipeline.engine import invocation, settings
from pipeline.engine.loaded_code import watch_extension
from pipeline.engine.source_code import CodeView


def code_view() -> CodeView:
    """Returns the code as this process sees it, the same all through an invocation."""
    folder = invocation.current_folder()
    return _kept_view(folder, settings.workspace()) if folder else new_view()


def reached_code(*entries: str) -> dict[str, str]:
    """Returns the digest of each unit that can be reached from some code, each entry given as `module:object`."""
    return code_view().reach(entries)


def new_view(from_files: bool = False) -> CodeView:
    """Returns the code as it is now."""
    return CodeView(settings.workspace() / ".code.json", from_files)


@lru_cache(maxsize=8)
def _kept_view(_invocation: Path, workspace: Path) -> CodeView:
    return CodeView(workspace / ".code.json")


def reach_from(builder: str, stage: type, base: type, unseen_code: tuple[str, ...], view: CodeView) -> dict[str, str]:
    """Returns the digest of each unit that decides what a stage builds; `base` is what all stages share."""
    query = (builder, stage, unseen_code)
    if query not in view.answers:
        view.answers[query] = _reach_from(builder, stage, base, unseen_code, view)
    return view.answers[query]


def _reach_from(builder: str, stage: type, base: type, unseen_code: tuple[str, ...], view: CodeView) -> dict[str, str]:
    for entry in unseen_code:
        watch_extension(entry.partition(".")[0].partition(":")[0])
        if not view.has(entry):
            raise UserError(f"{stage.__name__} depends on the code {entry}, which cannot be read")
    if not any(view.unit(*place) for place in _definitions(stage, builder, base)):
        raise UserError(f"the code of {stage.__name__}.{builder} cannot be read: put the class at the top of a file")
    asked_for = {*dir(base)} - {builder}
    by_value = members_from(stage, "key_parameters", base, asked_for, view)
    followed = members_from(stage, builder, base, asked_for | by_value, view) | {builder}
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


def members_from(stage: type, first: str, base: type, stops: set[str], view: CodeView) -> set[str]:
    """Returns the members that one of a stage reads, and those that they read, up to some that are not followed."""
    found: set[str] = set()
    waiting = [first]
    while waiting:
        for module, unit_name in _definitions(stage, waiting.pop(), base):
            unit = view.unit(module, unit_name)
            names = set(_own_members(stage, module, unit.references if unit else ())) - stops - found
            waiting += names
            found |= names
    return found


def _own_members(stage: type, module: str, references: Iterable[str]) -> Iterator[str]:
    """Yields the members of a stage among some references: `self.name`, or that of a class that it extends."""
    classes = {kind.__name__ for kind in stage.__mro__ if kind.__module__ == module}
    for reference in references:
        owner, _, name = reference.removeprefix(".").partition(".")
        if name and (owner == "self" or (reference.startswith(".") and owner in classes)):
            yield name.partition(".")[0]


def _definitions(stage: type, member: str, base: type) -> Iterator[tuple[str, str]]:
    """Yields the module and the unit of each definition of a member, in the stage and the classes that it extends.

    A parameter of Luigi's is none: its value counts.
    """
    for kind in stage.__mro__:
        if kind not in base.__mro__ and member in vars(kind) and not isinstance(vars(kind)[member], luigi.Parameter):
            yield kind.__module__, f"{kind.__qualname__}.{member}"
