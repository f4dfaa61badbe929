"""The layers of a recipe's network, with what each gives out and how many parameters it has."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.backbones.backbone import new_backbone
from models.backbones.head import join, new_head, unfreeze_last_layers
from models.backbones.known import FILE, NO_WEIGHTS
from models.backend import prepare_tensorflow
from models.building.assembly import assemble
from models.building.freezing import count_parameters, freeze_layers
from models.evaluation.run_classes import classes_of, predicting
from models.explanation.layers import LayerRow, rows_of
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


class LayerTable(NamedTuple):
    rows: list[LayerRow]
    parameters: int
    trainable: int


def layer_table(recipe: Recipe, side: int, classes: Sequence[str]) -> LayerTable:
    """The network as it would be kept, for pictures of this side, in pixels; needs no pictures, nor weights."""
    prepare_tensorflow()
    run_classes = classes_of(recipe, classes)
    assembled = _on_backbone if recipe.backbone else _from_scratch
    model = predicting(assembled(recipe, (side, side, 3), len(classes)), run_classes)
    counted = count_parameters(model)
    return LayerTable(rows_of(model), counted["parameters"], counted["trainable_parameters"])


def _from_scratch(recipe: Recipe, shape: tuple[int, int, int], class_count: int) -> "keras.Model":
    model = assemble(recipe, np.zeros((1, *shape), np.uint8), class_count)
    freeze_layers(recipe, model)
    return model


def _on_backbone(recipe: Recipe, shape: tuple[int, int, int], class_count: int) -> "keras.Model":
    weights = recipe.backbone_weights if recipe.backbone == FILE else NO_WEIGHTS
    backbone = new_backbone(replace(recipe, backbone_weights=weights), shape, say=lambda _: None)
    model = join(backbone, new_head(recipe, backbone.output.shape[-1], class_count))
    if recipe.unfreeze:
        unfreeze_last_layers(recipe, model)
    return model
