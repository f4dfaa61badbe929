"""DropBlock (Ghiasi et al. 2018): while a network learns, squares of values are dropped before it shrinks a picture.

What learns is a view of the network, with a layer more wherever a block ends; both share all other layers, so the
network itself never knows, and is what is measured and saved.
"""

from typing import TYPE_CHECKING, Any

from datasets.errors import UserError
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def with_dropblock(model: "keras.Model", recipe: Recipe) -> "keras.Model":
    """The network with its weights under DropBlock."""
    from keras import tree
    from keras.models import clone_model

    learnt: set[int] = set()  # tensors within a block: neither the pictures, nor what merely was shrunk since one ended
    holed: dict[int, Any] = {}  # one for all that read it: a shortcut misses what the way beside it misses

    def call(layer: "keras.Layer", seen: Any, **options: Any) -> Any:
        if _shrinks(layer) and id(seen) in learnt:
            if id(seen) not in holed:
                dropblock = new_dropblock(recipe.dropblock, recipe.dropblock_size, recipe.seed + len(holed), seen.dtype)
                holed[id(seen)] = dropblock(seen)
            return layer(holed[id(seen)], **options)
        said = layer(seen, **options)
        if layer.weights or learnt.intersection(map(id, tree.flatten(seen))):
            learnt.add(id(said))
        return said

    view = clone_model(model, clone_function=lambda layer: layer, call_function=call)
    if not holed:
        raise UserError(f"recipe {recipe.name}: {recipe.network} has no blocks for dropblock to work on; leave it at 0")
    return view


def _shrinks(layer: "keras.Layer") -> bool:
    """Whether a block ends here: a layer makes the picture smaller, or averages it away."""
    from keras import layers

    return isinstance(layer, layers.GlobalAveragePooling2D) or max(getattr(layer, "strides", (1,))) > 1


def new_dropblock(share: float, size: int, seed: int, dtype: str = "float32") -> "keras.Layer":
    """A layer that drops about this share of every channel's values while it learns, in squares of size by size."""
    import keras
    from keras import ops

    class DropBlock(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__(dtype=dtype)
            self._draws = keras.random.SeedGenerator(seed)

        def call(self, values: Any, training: bool = False) -> Any:
            return self._with_dropblock(values) if training else values

        def _with_dropblock(self, values: Any) -> Any:
            _, height, width, channels = values.shape
            side = min(size, height, width)
            corners = (height - side + 1, width - side + 1)  # where a square can begin
            rate = share / side**2 * (height * width) / (corners[0] * corners[1])
            places = (ops.shape(values)[0], *corners, channels)
            chances = keras.random.uniform(places, dtype="float32", seed=self._draws)
            begins, margin = ops.cast(chances < rate, "float32"), (side - 1, side - 1)
            kept = 1 - ops.max_pool(ops.pad(begins, ((0, 0), margin, margin, (0, 0))), side, strides=1)
            all_kept = ops.cast(ops.size(kept), "float32")
            return values * ops.cast(kept * all_kept / ops.maximum(ops.sum(kept), 1), values.dtype)

    return DropBlock()
