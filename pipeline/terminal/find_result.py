"""Finds the result that a verb reads, without building any: the one its options ask for, or else the latest."""

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


def find_result(stage: Stage) -> Found | None:
    """Returns the result that the stage would have now, or else the one that `latest/` names, or None."""
    current = stage.result()
    if current and current.exists():
        return Found(current.folder, is_current=True)
    latest = Result(stage.home, stage.result_path, str(latest_key(stage.home, stage.result_path)))
    with suppress(OSError):  # where nothing can be noted, nothing is deleted either
        invocation.use(latest.folder, settings.workspace())
    return Found(latest.folder, is_current=False) if latest.exists() else None


def find_result_or_refuse(stage: Stage, missing: str, command: str) -> Found:
    """Returns what `find_result` does; where that is None, says what is missing and which command builds it."""
    found = find_result(stage)
    if found is None:
        raise UserError(f"{missing} yet. {command} does that")
    return found
