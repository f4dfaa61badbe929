"""Changes of code that a person declared harmless: results made by the old code stand for the new.

Keeps `accepted.csv` in the workspace, which only ever grows: when, stage, the code now, the code it stands for.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path

HEADER = ("when", "stage", "code", "stands_for")


def stands_for(code: str, stage: str, workspace: Path) -> str:
    """The code whose results this code accepts, or the code itself."""
    return _read(workspace).get((stage, code), code)


def accept(stage: str, code: str, old_code: str, workspace: Path) -> None:
    """Record that old results of a stage stand for its new code."""
    file = workspace / "accepted.csv"
    is_new = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if is_new:
            writer.writerow(HEADER)
        writer.writerow((datetime.now(UTC).isoformat(timespec="seconds"), stage, code, old_code))


def _read(workspace: Path) -> dict[tuple[str, str], str]:
    try:
        with (workspace / "accepted.csv").open(newline="", encoding="utf-8") as lines:
            return {(row["stage"], row["code"]): row["stands_for"] for row in csv.DictReader(lines)}
    except OSError:  # none yet, or no workspace to have one in, which the stages will say
        return {}
