"""Freezes and unfreezes layers, and counts parameters; a training leaves frozen layers as they are."""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from datasets.errors import UserError
from models.backbones.backbone import base_of
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def freeze_layers(recipe: Recipe, model: "keras.Model") -> None:
    """Freezes the layers that a recipe gives, by name or by pattern; refuses a pattern that no layer has."""
    names = [layer.name for layer in model.layers if layer.weights]
    for pattern in recipe.frozen_layers:
        chosen = [name for name in names if fnmatchcase(name, pattern)]
        if not chosen:
            raise UserError(
                f"recipe {recipe.name}: frozen_layers: {recipe.network} has no layer {pattern}. "
                f"Those with weights are {', '.join(names)}"
            )
        for name in chosen:
            model.get_layer(name).trainable = False
    if not model.trainable_variables:
        raise UserError(f"recipe {recipe.name}: frozen_layers leaves nothing to train; name fewer layers")


def unfreeze_last_layers(recipe: Recipe, model: "keras.Model") -> None:
    """Unfreezes the last `unfreeze` layers of the backbone; refuses a number that holds no layer with weights."""
    base = base_of(model)
    base.trainable = True
    learning = [bool(layer.trainable_weights) for layer in reversed(base.layers)]
    if not any(learning[: recipe.unfreeze]):
        least = learning.index(True) + 1 if any(learning) else 0
        raise UserError(
            f"recipe {recipe.name}: unfreeze = {recipe.unfreeze}: the last layers of {base.name} have no weights to "
            f"train; give {f'{least} or more' if least else '0, for none of its layers has'}"
        )
    for layer in base.layers[: -recipe.unfreeze]:
        layer.trainable = False


def count_parameters(model: "keras.Model") -> dict[str, int]:
    """Returns the number of parameters of a model, of those that are trained, and of those in frozen layers."""
    return {
        "parameters": model.count_params(),
        "trainable_parameters": sum(int(weight.shape.num_elements()) for weight in model.trainable_weights),
        "frozen_parameters": _count_frozen(model),
    }


def _count_frozen(layer: Any) -> int:
    if not layer.trainable:
        return int(layer.count_params())
    return sum(map(_count_frozen, getattr(layer, "layers", ())))
