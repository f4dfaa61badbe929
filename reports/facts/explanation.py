"""What a run looks at and what its channels say, as the page shows it; as many sheets as the page can carry.

Reads explained.csv, explanation.json and activations.csv, and the sheets drawn from them; writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.content import Run
from reports.drawing.channels import FIRST_LAYER, FOLDER, file_of, heading_of
from reports.drawing.gradcam import HEADINGS
from reports.pictures.sheets import Picture, embed_png
from reports.tables import read_json, read_records
from reports.words import percent

GRADCAM = "gradcam.png"
MOST_BYTES = 400_000  # of PNG a run
MOST_BYTES_IN_ALL = 3_000_000  # of all runs; 4 MB of page


@dataclass(frozen=True)
class Sheet:
    """One PNG among a run's plots; no picture where the page has no room for it."""

    heading: str
    file: str  # its path among the plots
    picture: Picture | None


@dataclass(frozen=True)
class Explanation:
    """One run's."""

    looked_at: dict[str, Any] | None  # the layer of the heat: its name, rows, columns; None where nothing has places
    heat: Sheet | None
    looks: list[dict[str, str]]  # rows of explained.csv
    seen: dict[str, str]  # the row of the picture of which the channels are shown
    first: dict[str, Any] | None  # the first convolution, and which of its channels are shown
    first_sheet: Sheet | None
    sheets: list[Sheet]  # of each layer with rows and columns


def read_explanations(runs: tuple[Run, ...]) -> dict[str, Explanation]:
    """Of each run, by its name."""
    most_bytes = min(MOST_BYTES, MOST_BYTES_IN_ALL // len(runs))
    return {run.name: _read_explanation(run, most_bytes) for run in runs}


def _read_explanation(run: Run, most_bytes: int) -> Explanation:
    left = most_bytes

    def sheet(file: str, heading: str, alt: str) -> Sheet:
        nonlocal left
        png = (run.plots_dir / file).read_bytes()
        if len(png) > left:
            return Sheet(heading, file, None)
        left -= len(png)
        return Sheet(heading, file, embed_png(png, alt))

    about, rows = read_json(run.explain_dir / "explanation.json"), read_records(run.explain_dir / "explained.csv")
    looks = [row | {"probability": percent(float(row["probability"]))} for row in rows if row["role"] in HEADINGS]
    first = about["first_layer"]
    return Explanation(
        looked_at=about["gradcam"],
        heat=sheet(GRADCAM, run.name, _describe_heat(run, looks)) if looks else None,
        looks=looks,
        seen=next(row for row in rows if row["role"] not in HEADINGS),
        first=first,
        first_sheet=sheet(FIRST_LAYER, first["layer"], _describe_first(first)) if first else None,
        sheets=[
            sheet(f"{FOLDER}/{file_of(row)}", heading_of(row), f"what each channel of {heading_of(row)}, says")
            for row in read_records(run.explain_dir / "activations.csv")
        ],
    )


def _describe_heat(run: Run, looks: list[dict[str, str]]) -> str:
    count = len({row["path"] for row in looks})
    return f"where {run.name} looked in {count} test pictures; the table below names them"


def _describe_first(first: Mapping[str, Any]) -> str:
    numbers = " and ".join(map(str, first["shown"]))
    return f"the picture, and beside it channels {numbers} of {first['layer']}"
