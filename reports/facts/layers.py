"""The layers of a run's network, as the page lists them. Reads layers.csv; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reports.tables import read_records


@dataclass(frozen=True)
class Layer:
    """One layer; what is within it is counted in it."""

    name: str
    kind: str
    output: str  # 16 x 16 x 32
    parameters: int
    trained: int
    within: list[Layer]


@dataclass(frozen=True)
class Layers:
    """All layers of a network, in order."""

    rows: list[Layer]

    @property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.rows)

    @property
    def trained(self) -> int:
        return sum(layer.trained for layer in self.rows)


def read_layers(explain_dir: Path) -> Layers:
    """Layers of a nested model follow it in the table, those of a model nested in that too."""
    layers: list[Layer] = []
    for row in read_records(explain_dir / "layers.csv"):
        among = layers[-1].within if row["within"] else layers
        among.append(Layer(row["layer"], row["kind"], row["output"], int(row["parameters"]), int(row["trained"]), []))
    return Layers(layers)
