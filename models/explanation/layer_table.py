"""The layers of a model or of a recipe's network, each with its output shape and its number of parameters.

Writes layers.csv (within,layer,kind,output,parameters,trained), a row for each layer. The row of a nested model counts
its own layers; these follow it, with its name in `within`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from datasets.tables import write_rows
from models.backbones.backbone import new_backbone
from models.backbones.head import join, new_head
from models.backbones.known import FILE, NO_WEIGHTS
from models.backend import prepare_tensorflow
from models.building.assembly import assemble
from models.building.freezing import count_parameters, freeze_layers, unfreeze_last_layers
from models.evaluation.run_classes import classes_of, with_summed_classes
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

HEADER = ("within", "layer", "kind", "output", "parameters", "trained")


class LayerRow(NamedTuple):
    """A layer."""

    name: str
    kind: str
    output: tuple[int | None, ...]  # for one picture
    parameters: int
    trained: int  # of its parameters

    @property
    def shape(self) -> str:
        """The shape of its output in words, as `16 x 16 x 32`."""
        return " x ".join("any" if side is None else str(side) for side in self.output)


class LayerTable(NamedTuple):
    """The layers of a network, and the number of all its parameters."""

    rows: list[LayerRow]
    parameters: int
    trainable: int


def write_layers(model: "keras.Model", target: Path) -> None:
    """Writes layers.csv."""
    write_rows(target, HEADER, _lines(model, within=""))


def layer_table(recipe: Recipe, side: int, classes: Sequence[str]) -> LayerTable:
    """Returns the layers of the model that a recipe would keep, for pictures of this side in pixels.

    It needs neither pictures nor pretrained weights.
    """
    prepare_tensorflow()
    build = _build_on_backbone if recipe.backbone else _build_from_scratch
    model = with_summed_classes(build(recipe, (side, side, 3), len(classes)), classes_of(recipe, classes))
    counted = count_parameters(model)
    return LayerTable(_rows_of(model), counted["parameters"], counted["trainable_parameters"])


def _lines(model: "keras.Model", within: str) -> Iterator[tuple[str | int, ...]]:
    from keras import Model

    for layer, row in zip(model.layers, _rows_of(model), strict=True):
        yield within, row.name, row.kind, row.shape, row.parameters, row.trained
        if isinstance(layer, Model):
            yield from _lines(layer, f"{within}/{layer.name}" if within else layer.name)


def _rows_of(model: "keras.Model") -> list[LayerRow]:
    return [_row_of(layer) for layer in model.layers]


def _row_of(layer: "keras.Layer") -> LayerRow:
    counted = count_parameters(layer)
    shape = tuple(layer.output.shape[1:])
    return LayerRow(layer.name, type(layer).__name__, shape, counted["parameters"], counted["trainable_parameters"])


def _build_from_scratch(recipe: Recipe, shape: tuple[int, int, int], class_count: int) -> "keras.Model":
    model = assemble(recipe, np.zeros((1, *shape), np.uint8), class_count)
    freeze_layers(recipe, model)
    return model


def _build_on_backbone(recipe: Recipe, shape: tuple[int, int, int], class_count: int) -> "keras.Model":
    weights = recipe.backbone_weights if recipe.backbone == FILE else NO_WEIGHTS
    backbone = new_backbone(replace(recipe, backbone_weights=weights), shape, say=lambda _: None)
    model = join(backbone, new_head(recipe, backbone.output.shape[-1], class_count))
    if recipe.unfreeze:
        unfreeze_last_layers(recipe, model)
    return model
