"""Builds the sample's report, puts one wrong label right, builds again and compares.

    python examples/move_a_picture.py

The results are in the folder `workspace`, as after `pigeonhole FullReport`, and each finds the results of the other.
"""

import csv
from pathlib import Path

from pipeline import FullReport, UserError, build

SAMPLE = Path("workspace/sample")
ROCKET = SAMPLE / "images/train/tulip/0_0815.png"  # painted as a rocket, labelled as a tulip on purpose


def main() -> None:
    """Builds the report before and after a picture is moved."""
    report = FullReport(dataset="sample", recipes="plain", audit="false")
    before = build(report)
    if ROCKET.exists():
        ROCKET.rename(SAMPLE / "images/train/rocket" / ROCKET.name)
    after = build(report)
    print(f"Edits: {', '.join(read_edits(after.folders['IndexImages']))}")
    print(f"Built again: {', '.join(after.built) or 'nothing'}")
    print(f"Test accuracy: {before.accuracies['plain']:.1%} before, {after.accuracies['plain']:.1%} after")
    print(f"Report: {after.report}")


def read_edits(index: Path) -> list[str]:
    """Returns what was edited since the export, a sentence for each picture."""
    with (index / "edits.csv").open(newline="", encoding="utf-8") as file:
        return [row["words"] for row in csv.DictReader(file)]


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        raise SystemExit(f"error: {error}") from error
