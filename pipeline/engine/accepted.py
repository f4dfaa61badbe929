"""A record of changes of code that a person declared harmless: results made by the old code stand for the new.

Keeps `accepted.csv` in the workspace, which only ever grows: when, stage, the code now, the code it stands for.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

HEADER = ("when", "stage", "code", "stands_for")


def codes_it_stands_for(code: str, stage: str, workspace: Path) -> Iterator[str]:
    """The code itself, then every older code whose results it accepts, step by step."""
    older = _read(workspace)
    waiting, seen = [code], set()
    while waiting:
        code = waiting.pop(0)
        if code not in seen:
            seen.add(code)
            yield code
            waiting += older[stage, code]


def accept(stage: str, code: str, old_code: str, workspace: Path) -> None:
    """Records that old results of a stage stand for its new code."""
    file = workspace / "accepted.csv"
    is_new = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if is_new:
            writer.writerow(HEADER)
        writer.writerow((datetime.now(UTC).isoformat(timespec="seconds"), stage, code, old_code))


def _read(workspace: Path) -> defaultdict[tuple[str, str], list[str]]:
    older = defaultdict(list)
    try:
        with (workspace / "accepted.csv").open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                older[row["stage"], row["code"]].append(row["stands_for"])
    except OSError:
        pass  # none yet, or no workspace to have one in, which the stages will say
    return older
