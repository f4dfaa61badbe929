"""The damaged files of ours: each is told with the way out, and no path in them leads out of the folder."""

import json
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from datasets.errors import UserError

Read = TypeVar("Read")

DAMAGE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)

_UNCLEAN = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|\0")  # a part that is empty, `.` or `..`


class DamagedFileError(UserError, ValueError):
    """An error that names a damaged file of ours, and what to do about it."""


def damaged(path: Path, reason: object, way_out: str = "") -> DamagedFileError:
    """Returns the error for a damaged file; one of a result's folder is made again."""
    way_out = way_out or f"Delete the folder {path.resolve().parent}, then run again: it is made anew"
    return DamagedFileError(f"{path} is damaged ({reason}). {way_out}")


def told_if_damaged(read: Callable[[Path], Read]) -> Callable[[Path], Read]:
    """Returns a reader of a result's file that tells damage by the error above."""

    @wraps(read)
    def telling(path: Path) -> Read:
        try:
            return read(path)
        except DamagedFileError:
            raise
        except DAMAGE as error:
            raise damaged(path, error) from error

    return telling


def read_json(path: Path, way_out: str = "") -> dict[str, Any]:
    """Returns the object of a JSON file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise damaged(path, error, way_out) from error
    if not isinstance(value, dict):
        raise damaged(path, "it holds no object", way_out)
    return value


def refuse_unlike(kind: type, *values: object) -> None:
    """Refuses values that a file tells, where they are not of the kind that it should tell."""
    for value in values:
        if not isinstance(value, kind):
            raise ValueError(f"{str(value)[:100]!r} stands where a {kind.__name__} should")


def inner_path(path: str) -> str:
    """Returns a path that a file tells; refuses one that leads out of the folder to which it is relative."""
    if _UNCLEAN.search(path):
        raise ValueError(f"the path {path[:200]!r} leads out of the data set's folder")
    return path
