"""A run's network: its layers, where it looks, and what its channels respond to.

Reads layers.csv, explained.csv, explanation.json and activations.csv, and as many of their plots as the page has room
for; writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.content import Run
from reports.drawing.channels import FIRST_LAYER, FOLDER, file_of, heading_of
from reports.drawing.gradcam import HEADINGS
from reports.pictures.embedded import EmbeddedPicture, embed_png
from reports.table_values import read_json, read_records
from reports.words import percent

GRADCAM = "gradcam.png"
MOST_BYTES = 400_000  # of PNG for each run
MOST_BYTES_IN_ALL = 3_000_000  # for all runs, which take 4 MB of the page


@dataclass(frozen=True)
class PlotSheet:
    """A plot of a run; its picture is None if the page has no room for it."""

    heading: str
    file: str  # its path among the plots
    picture: EmbeddedPicture | None


@dataclass(frozen=True)
class Explanation:
    """The pictures and channels of one run."""

    looked_at: dict[str, Any] | None  # the layer of the heat: name, rows, columns; None where no layer has rows
    heat: PlotSheet | None
    looks: list[dict[str, str]]  # rows of explained.csv
    seen: dict[str, str]  # the row of the picture whose channels are shown
    first: dict[str, Any] | None  # the first convolution, and which of its channels are shown
    first_sheet: PlotSheet | None
    sheets: list[PlotSheet]  # of each layer with rows and columns


@dataclass(frozen=True)
class Layer:
    """A layer; its numbers include those of the layers within."""

    name: str
    kind: str
    output: str  # 16 x 16 x 32
    parameters: int
    trained: int
    within: list[Layer]


@dataclass(frozen=True)
class Layers:
    """The layers of a network, in order."""

    rows: list[Layer]

    @property
    def parameters(self) -> int:
        """The number of all parameters."""
        return sum(layer.parameters for layer in self.rows)

    @property
    def trained(self) -> int:
        """The number of parameters that were trained."""
        return sum(layer.trained for layer in self.rows)


def read_layers(explain_dir: Path) -> Layers:
    """Returns the layers of a run's network; those of a nested model follow it in the table."""
    layers: list[Layer] = []
    for row in read_records(explain_dir / "layers.csv"):
        among = layers[-1].within if row["within"] else layers
        among.append(Layer(row["layer"], row["kind"], row["output"], int(row["parameters"]), int(row["trained"]), []))
    return Layers(layers)


def read_explanations(runs: tuple[Run, ...]) -> dict[str, Explanation]:
    """Returns the explanation of each run, by its name."""
    most_bytes = min(MOST_BYTES, MOST_BYTES_IN_ALL // len(runs))
    return {run.name: _read_explanation(run, most_bytes) for run in runs}


def _read_explanation(run: Run, most_bytes: int) -> Explanation:
    left = most_bytes

    def sheet(file: str, heading: str, alt: str) -> PlotSheet:
        nonlocal left
        png = (run.plots_dir / file).read_bytes()
        if len(png) > left:
            return PlotSheet(heading, file, None)
        left -= len(png)
        return PlotSheet(heading, file, embed_png(png, alt))

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
            sheet(f"{FOLDER}/{file_of(row)}", heading_of(row), f"what each channel of {heading_of(row)} responds to")
            for row in read_records(run.explain_dir / "activations.csv")
        ],
    )


def _describe_heat(run: Run, looks: list[dict[str, str]]) -> str:
    count = len({row["path"] for row in looks})
    return f"where {run.name} looks in {count} test pictures; the table below names them"


def _describe_first(first: Mapping[str, Any]) -> str:
    numbers = " and ".join(map(str, first["shown"]))
    return f"the picture, and beside it channels {numbers} of {first['layer']}"
