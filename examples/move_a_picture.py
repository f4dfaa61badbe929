"""Builds the sample's report, puts one wrong label right, builds again and compares.

    python examples/move_a_picture.py

The results are in the folder `workspace`, as after the `luigi` command, and each finds the results of the other.
"""

import csv
import json
from pathlib import Path

from pipeline import FullReport, build

SAMPLE = Path("workspace/sample")
ROCKET = SAMPLE / "images/train/tulip/0_0815.png"  # painted as a rocket, labelled as a tulip on purpose


def main() -> None:
    """Builds the report before and after a picture is moved."""
    build_report()
    before = read_accuracy()
    if ROCKET.exists():
        ROCKET.rename(SAMPLE / "images/train/rocket" / ROCKET.name)
    stages = build_report()
    print(f"Edits: {', '.join(read_edits())}")
    print(f"Built again: {', '.join(stages) or 'nothing'}")
    print(f"Test accuracy: {before:.1%} before, {read_accuracy():.1%} after")
    print(f"Report: {SAMPLE / 'latest/report/report.html'}")


def build_report() -> list[str]:
    """Builds what is not there yet; returns the names of the stages that were built."""
    outcome = build(FullReport(dataset="sample", recipes=("plain",), audit="false"))
    if not outcome.complete:
        raise SystemExit("\n".join(entry.error for entry in outcome.ran if entry.error))
    return [entry.task.partition("_")[0] for entry in outcome.ran if entry.built]


def read_accuracy() -> float:
    """Returns the share of test pictures that the recipe `plain` names right."""
    metrics = json.loads((SAMPLE / "latest/runs/plain/evaluate/metrics.json").read_text(encoding="utf-8"))
    return float(metrics["accuracy"])


def read_edits() -> list[str]:
    """Returns what was edited since the export, a sentence for each picture."""
    with (SAMPLE / "latest/index/edits.csv").open(newline="", encoding="utf-8") as file:
        return [row["words"] for row in csv.DictReader(file)]


if __name__ == "__main__":
    main()
