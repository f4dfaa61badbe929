"""The result that a verb looks at: the one its words ask for, or else the one that was made last; makes none."""

from pathlib import Path
from typing import NamedTuple

from pipeline.engine.results import Result, latest_key
from pipeline.engine.stage import Stage


class Found(NamedTuple):
    """A result's folder, and whether it is of the pictures, settings and code that there are now."""

    folder: Path
    is_current: bool


def find_result(stage: Stage) -> Found | None:
    """What was asked for, even if another was made since; else what `latest/` names; None where there is neither."""
    asked = stage.result()
    if asked and asked.exists():
        return Found(asked.folder, is_current=True)
    latest = Result(stage.home, stage.result_path, str(latest_key(stage.home, stage.result_path)))
    return Found(latest.folder, is_current=False) if latest.exists() else None
