"""A record of changes of code that a person declared harmless: results made by the old code stand for the new.

Keeps `accepted.csv` in the workspace, which only ever grows: when, stage, the code now, the code it stands for.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from datasets.errors import UserError
from datasets.files.lock import locked
from datasets.files.whole_file import write_whole
from pipeline.engine.results import KEY

FILE = "accepted.csv"
HEADER = ["when", "stage", "code", "stands_for"]


def codes_it_stands_for(code: str, stage: str, workspace: Path) -> Iterator[str]:
    """The code itself, then every older code whose results it accepts, step by step."""
    older: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for _, of_stage, newer, stands_for in _read(workspace / FILE):
        older[of_stage, newer].append(stands_for)
    waiting, seen = [code], set()
    while waiting:
        code = waiting.pop(0)
        if code not in seen:
            seen.add(code)
            yield code
            waiting += older[stage, code]


def accept(stage: str, code: str, old_code: str, workspace: Path) -> None:
    """Records that old results of a stage stand for its new code."""
    row = [datetime.now(UTC).isoformat(timespec="seconds"), stage, code, old_code]
    text = io.StringIO()
    with locked(workspace):
        csv.writer(text, lineterminator="\n").writerows([HEADER, *_read(workspace / FILE), row])
        write_whole(workspace / FILE, text.getvalue(), flushed=True)


def _read(file: Path) -> list[list[str]]:
    """Returns the rows, and refuses a spoilt file: without what it says, trainings would be run again."""
    try:
        head, *rows = csv.reader(io.StringIO(file.read_bytes().decode(), newline=""), strict=True)
    except (FileNotFoundError, NotADirectoryError):
        return []  # none yet, or no workspace to have one in, which the stages will say
    except (OSError, ValueError, csv.Error) as error:
        raise _spoilt(file, str(error)) from error
    if head != HEADER:
        raise _spoilt(file, "its first line is another one")
    for number, row in enumerate(rows, 2):
        if len(row) != len(HEADER) or not (KEY.fullmatch(row[2]) and KEY.fullmatch(row[3])):
            raise _spoilt(file, f"line {number} is none of ours")
    return rows


def _spoilt(file: Path, why: str) -> UserError:
    return UserError(
        f"{file} cannot be read ({why}). Put it right, or move it away: then what it accepts is built again, unless "
        "`python -m pipeline accept` accepts it anew. Nothing was touched"
    )
