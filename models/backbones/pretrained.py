"""Loads pretrained networks without their tops, from keras.applications or from a file.

Reads weight files and .keras files. Writes nothing, but Keras keeps its downloads in its own cache.
"""

import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from datasets.errors import UserError
from datasets.files.typed_path import typed_path
from models.backbones.known import BACKBONES, FILE, IMAGENET, INPUTS, NO_WEIGHTS
from models.recipes.recipe import Recipe
from models.training.progress import warn_of_random_backbone

if TYPE_CHECKING:
    import keras

SILENT_SECONDS = 60.0  # a server that sends nothing for so long counts as gone
CLASSIFYING = ("softmax", "sigmoid")
WAYS_OUT = (
    "Set backbone_weights to a weights file that you have, as backbone_weights = /path/{name}_notop.h5, or to none for "
    "random weights, whose features are worth little"
)


def pretrained(recipe: Recipe, sides: tuple[int, int], say: Callable[[str], None]) -> "keras.Model":
    """Returns the network of a recipe, for prepared pictures of these sides; a network from a file may take others."""
    refuse_missing_files(recipe)
    if recipe.backbone == FILE:
        return _read_network(recipe)
    from keras import applications

    network_class = getattr(applications, BACKBONES[recipe.backbone].class_name)
    options = {"include_top": False, "input_shape": (*sides, 3)}
    if recipe.backbone_weights == IMAGENET:
        with _explained_download(recipe, network_class):
            return network_class(weights=IMAGENET, **options)
    network = network_class(weights=None, **options)
    if is_random(recipe):
        warn_of_random_backbone(recipe, say)
    else:
        _load_weights(recipe, network)
    return network


def refuse_missing_files(recipe: Recipe) -> None:
    """Refuses a recipe whose backbone is a file that is not named or not there."""
    if recipe.backbone == FILE and not recipe.backbone_file:
        raise UserError(
            f"recipe {recipe.name}: name its backbone in luigi.cfg, under [recipe:{recipe.name}]: set backbone_file "
            f"to the .keras file of a network, and backbone_input to how it takes pixels, one of {', '.join(INPUTS)}"
        )
    for option in ("backbone_file", "backbone_weights"):
        value = getattr(recipe, option)
        if value not in ("", IMAGENET, NO_WEIGHTS) and not typed_path(value).is_file():
            raise UserError(f"recipe {recipe.name}: {option} = {value}: there is no such file")


def is_random(recipe: Recipe) -> bool:
    """Returns whether the recipe has a backbone that has learnt nothing."""
    return recipe.backbone not in ("", FILE) and recipe.backbone_weights == NO_WEIGHTS


def _read_network(recipe: Recipe) -> "keras.Model":
    import keras

    path = typed_path(recipe.backbone_file)
    place = f"recipe {recipe.name}: backbone_file = {path}"
    try:
        network = keras.models.load_model(path, compile=False)
    except Exception as error:  # for a file that is not its own, Keras raises almost anything
        raise UserError(f"{place}: Keras cannot load it as a network of stock layers: {error}") from error
    _refuse_unfit_network(place, network)
    return network


def _refuse_unfit_network(place: str, network: "keras.Model") -> None:
    # A Sequential that was never called has no inputs and outputs yet.
    shapes_in, shapes_out = ([each.shape for each in getattr(network, ends, ())] for ends in ("inputs", "outputs"))
    if len(shapes_in) != 1 or len(shapes_in[0]) != 4 or shapes_in[0][-1] != 3:
        raise UserError(f"{place}: it takes {shapes_in}, and not pictures of three channels")
    if len(shapes_out) != 1 or len(shapes_out[0]) not in (2, 4):
        raise UserError(f"{place}: it ends in {shapes_out}, neither a map of features nor a row of them")
    last = network
    while getattr(last, "layers", None):
        last = last.layers[-1]
    activation = getattr(getattr(last, "activation", None), "__name__", type(last).__name__.lower())
    if len(shapes_out[0]) == 2 and activation in CLASSIFYING:
        raise UserError(
            f"{place}: its last layer, {last.name}, is a classifier ({activation} over {shapes_out[0][-1]}). "
            "Save the network without it, as Keras's include_top=False does"
        )


def _load_weights(recipe: Recipe, network: "keras.Model") -> None:
    path = typed_path(recipe.backbone_weights)
    place = f"recipe {recipe.name}: backbone_weights = {path}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about containers that hold the same layers again
            network.load_weights(path)
    except Exception as error:  # as for a network
        raise UserError(f"{place}: these are no weights of {recipe.backbone} without its top: {error}") from error


@contextmanager
def _explained_download(recipe: Recipe, network_class: Callable[..., "keras.Model"]) -> Iterator[None]:
    usual_seconds = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENT_SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the size that the weights were learnt at
            yield
    except Exception as error:  # Keras raises a plain Exception if a download fails
        name, place = recipe.backbone, "" if "://" in str(error) else f" from {_address(network_class)}"
        raise UserError(
            f"recipe {recipe.name}: the ImageNet weights of {name} could not be fetched{place}: {error}. "
            f"{WAYS_OUT.format(name=name)}"
        ) from error
    finally:
        socket.setdefaulttimeout(usual_seconds)


def _address(network_class: Callable[..., "keras.Model"]) -> str:
    """Returns where Keras has the weights from: the file without the top if its module names one, else the folder."""
    constants = vars(sys.modules[network_class.__module__]).items()
    addresses = {name: value for name, value in constants if "WEIGHT" in name and str(value).startswith("http")}
    return str(next((value for name, value in addresses.items() if "NO_TOP" in name), [*addresses.values(), ""][0]))
