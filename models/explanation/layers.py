"""The layers of a model, with what each gives out and how many parameters it has; those within a nested model too.

Writes layers.csv (within,layer,kind,output,parameters,trained): a row for each layer. A nested model is one of them;
its own layers follow it, with its name in `within`, and are counted in its row already.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from datasets.tables import write_rows
from models.building.freezing import count_parameters

if TYPE_CHECKING:
    import keras

HEADER = ("within", "layer", "kind", "output", "parameters", "trained")


class LayerRow(NamedTuple):
    name: str
    kind: str
    output: tuple[int | None, ...]  # for one picture
    parameters: int
    trained: int  # of its parameters

    @property
    def shape(self) -> str:
        """What it gives out, in words: 16 x 16 x 32."""
        return " x ".join("any" if side is None else str(side) for side in self.output)


def rows_of(model: "keras.Model") -> list[LayerRow]:
    """The model's own layers, in order."""
    return [_row_of(layer) for layer in model.layers]


def write_layers(model: "keras.Model", target: Path) -> None:
    write_rows(target, HEADER, _lines(model, within=""))


def _lines(model: "keras.Model", within: str) -> Iterator[tuple[str | int, ...]]:
    from keras import Model

    for layer, row in zip(model.layers, rows_of(model), strict=True):
        yield within, row.name, row.kind, row.shape, row.parameters, row.trained
        if isinstance(layer, Model):
            yield from _lines(layer, f"{within}/{layer.name}" if within else layer.name)


def _row_of(layer: "keras.Layer") -> LayerRow:
    counted = count_parameters(layer)
    shape = tuple(layer.output.shape[1:])
    return LayerRow(layer.name, type(layer).__name__, shape, counted["parameters"], counted["trainable_parameters"])
