"""Puts a backbone together: it brings pictures to its size and scale, and gives features.

All its layers are stock layers of Keras, so that a saved model loads without this project.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from datasets.errors import UserError
from models.backbones.known import BACKBONES, FILE, IMAGENET, NO_WEIGHTS
from models.backbones.pretrained import pretrained
from models.backend import fresh_keras
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

Scaling = tuple[float | list[float], float | list[float]]  # factor and offset, for all channels or for each

MEAN_BLUE_GREEN_RED = [103.939, 116.779, 123.68]
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
SCALINGS: Mapping[str, Scaling] = {
    "caffe": (1.0, [-mean for mean in MEAN_BLUE_GREEN_RED]),
    "tf": (1 / 127.5, -1.0),
    "torch": (
        [1 / (255 * deviation) for deviation in DEVIATION],
        [-mean / deviation for mean, deviation in zip(MEAN, DEVIATION, strict=True)],
    ),
    "unit": (1 / 255, 0.0),
    "raw": (1.0, 0.0),
    # Keras builds this into EfficientNet only with its own ImageNet weights, though the same weights from a file need
    # it too: after its scaling by mean and variance, each channel is divided by the root of its deviation.
    "root": (
        [deviation**-0.5 for deviation in DEVIATION],
        [255 * mean * (1 - deviation**-0.5) for mean, deviation in zip(MEAN, DEVIATION, strict=True)],
    ),
}


def new_backbone(recipe: Recipe, picture_shape: tuple[int, int, int], say: Callable[[str], None]) -> "keras.Model":
    """Returns the frozen backbone, whatever the seed and the precision of the recipe, which are for the head."""
    from keras import Input, Model

    with fresh_keras(replace(recipe, seed=0, precision="float32")):
        wanted = _wanted_sides(recipe, picture_shape)
        base = pretrained(recipe, wanted, say)
        base.name = "pretrained" if recipe.backbone == FILE else recipe.backbone
        base.trainable = False
        sides = _possible_sides(recipe, base, wanted)
        pictures = Input(picture_shape, dtype="uint8", name="pictures")
        prepared = _prepare(recipe, pictures, sides)
        try:
            # Batch norm keeps the averages that it learnt from many pictures, even where its layer is trained further.
            features = base(prepared, training=False)
        except ValueError as error:
            raise UserError(
                f"recipe {recipe.name}: {base.name} cannot take pictures of {sides[1]} by {sides[0]} pixels; "
                "set backbone_side"
            ) from error
        return Model(pictures, _pool(recipe, features), name="backbone")


def base_of(model: "keras.Model") -> "keras.Model":
    """Returns the pretrained network within a backbone, or within a model that is built on one."""
    from keras import Model

    return next(layer for layer in model.layers if isinstance(layer, Model))


def _wanted_sides(recipe: Recipe, picture_shape: tuple[int, int, int]) -> tuple[int, int]:
    """Returns the height and width that pictures should be brought to."""
    smallest = 1 if recipe.backbone == FILE else BACKBONES[recipe.backbone].smallest_side
    height, width = (recipe.backbone_side or max(side, smallest) for side in picture_shape[:2])
    return height, width


def _possible_sides(recipe: Recipe, base: "keras.Model", wanted: tuple[int, int]) -> tuple[int, int]:
    """Returns the sides that the network takes: the wanted ones, unless it was made for one size only."""
    height, width = (own or side for own, side in zip(base.inputs[0].shape[1:3], wanted, strict=True))
    if recipe.backbone_side and (height, width) != wanted:
        raise UserError(
            f"recipe {recipe.name}: backbone_side = {recipe.backbone_side}, but {recipe.backbone_file} takes "
            f"pictures of {width} by {height}; leave backbone_side out"
        )
    return height, width


def _prepare(recipe: Recipe, pictures: "keras.KerasTensor", sides: tuple[int, int]) -> "keras.KerasTensor":
    from keras import layers, ops

    kind = _scaling_kind(recipe)
    x = pictures
    if tuple(pictures.shape[1:3]) != sides:
        x = layers.Resizing(*sides, antialias=True, name="resizing")(x, training=False)
    if kind == "caffe":
        x = ops.flip(x, axis=-1)  # red, green, blue to blue, green, red
    scale, offset = SCALINGS[kind]
    return layers.Rescaling(scale, offset=offset, name="scaling")(x)


def _scaling_kind(recipe: Recipe) -> str:
    """Returns the kind of scaling that the network was trained with, one of SCALINGS."""
    if recipe.backbone == FILE:
        return recipe.backbone_input
    from_file = recipe.backbone_weights not in (IMAGENET, NO_WEIGHTS)
    return "root" if recipe.backbone == "efficientnetb0" and from_file else BACKBONES[recipe.backbone].pixels


def _pool(recipe: Recipe, features: "keras.KerasTensor") -> "keras.KerasTensor":
    """Returns one row of features for each picture."""
    from keras import layers

    if len(features.shape) == 2:
        return features
    pooling = {"average": layers.GlobalAveragePooling2D, "flatten": layers.Flatten}[recipe.pooling]
    return pooling(name="pooling")(features)
