"""Finds the result that a verb reads, without building any: the one that was built last, or one that is asked for."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from datasets.errors import UserError
from pipeline.engine import invocation, settings
from pipeline.engine.results import Result, latest_key
from pipeline.engine.stage import Stage


class Found(NamedTuple):
    """A result's folder, and whether it was made from today's pictures, settings and code."""

    folder: Path
    is_current: bool


def find_result(stage: Stage, is_asked_for: bool = False) -> Found | None:
    """Returns the result that `latest/` names, or None.

    Where options ask for settings, it is the one that the stage would have now with these, and never another.
    """
    current = stage.result()
    latest = Result(stage.home, stage.result_path, str(latest_key(stage.home, stage.result_path)))
    with suppress(OSError):  # where nothing can be noted, nothing is deleted either
        invocation.use(latest.folder, settings.workspace())
    if latest.exists() and not is_asked_for:
        return Found(latest.folder, is_current=latest == current)
    return Found(current.folder, is_current=True) if current and current.exists() else None


def find_result_or_refuse(stage: Stage, is_asked_for: bool, missing: str, command: str) -> Found:
    """Returns what `find_result` does; where that is None, says what is missing and which command builds it."""
    found = find_result(stage, is_asked_for)
    if found is None:
        since = ", or not since pictures, settings or code changed" if is_asked_for else ""
        raise UserError(f"{missing} yet{since}. {command} does that")
    return found
