"""The network as it learns: some layers work in quicker ways, pictures come shrunk, and there may be DropBlock.

The view works on the network's own weights, so the network itself never knows, and is what is measured and saved.
"""

from typing import TYPE_CHECKING, Any

from models.building.assembly import RESIZING
from models.building.batch_norm import joined
from models.building.dropblock import with_holes
from models.building.silu import is_slow_silu, with_quick_slope
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

PICTURE_AXES = 4  # n, height, width, channels


def training_view(model: "keras.Model", recipe: Recipe) -> "keras.Model":
    view = _with_other_layers(model)
    return with_holes(view, recipe) if recipe.dropblock else view


def _with_other_layers(model: "keras.Model") -> "keras.Model":
    from keras.layers import BatchNormalization
    from keras.models import clone_model

    def call(layer: "keras.Layer", *seen: Any, **options: Any) -> Any:
        if layer.name == RESIZING:
            return seen[0]
        if isinstance(layer, BatchNormalization) and len(seen[0].shape) == PICTURE_AXES:
            return joined(layer)(*seen)
        if is_slow_silu(layer):
            return with_quick_slope(layer)(*seen)
        return layer(*seen, **options)

    return clone_model(model, clone_function=lambda layer: layer, call_function=call)
