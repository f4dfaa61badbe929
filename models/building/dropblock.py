"""Drops squares of values at the end of each block while a network learns (DropBlock, Ghiasi et al. 2018).

The layers that drop are only in a view of the network, which shares all its other layers with the network. What is
measured and saved is the network itself.
"""

from typing import TYPE_CHECKING, Any

from datasets.errors import UserError
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def with_dropblock(model: "keras.Model", recipe: Recipe) -> "keras.Model":
    """Returns a view of the network, which shares its weights, with a DropBlock layer at the end of each block."""
    from keras import tree
    from keras.models import clone_model

    in_block: set[int] = set()  # outputs within a block: not pictures, nor what was only shrunk since a block ended
    dropped: dict[int, Any] = {}  # one for all that read an output, so that a shortcut misses the same values

    def call(layer: "keras.Layer", values: Any, **options: Any) -> Any:
        if _shrinks(layer) and id(values) in in_block:
            if id(values) not in dropped:
                dropblock = new_dropblock(
                    recipe.dropblock, recipe.dropblock_size, recipe.seed + len(dropped), values.dtype
                )
                dropped[id(values)] = dropblock(values)
            return layer(dropped[id(values)], **options)
        output = layer(values, **options)
        if layer.weights or in_block.intersection(map(id, tree.flatten(values))):
            in_block.add(id(output))
        return output

    view = clone_model(model, clone_function=lambda layer: layer, call_function=call)
    if not dropped:
        raise UserError(f"recipe {recipe.name}: {recipe.network} has no blocks for dropblock to work on; leave it at 0")
    return view


def _shrinks(layer: "keras.Layer") -> bool:
    """Returns whether a layer makes pictures smaller or averages them, which is where a block ends."""
    from keras import layers

    return isinstance(layer, layers.GlobalAveragePooling2D) or max(getattr(layer, "strides", (1,))) > 1


def new_dropblock(share: float, size: int, seed: int, dtype: str = "float32") -> "keras.Layer":
    """Returns a layer that drops about this share of the values of every channel while it learns, in squares."""
    import keras
    from keras import ops

    class DropBlock(keras.layers.Layer):
        """A layer that drops squares of `size` by `size` values and scales up the rest."""

        def __init__(self) -> None:
            super().__init__(dtype=dtype)
            self._draws = keras.random.SeedGenerator(seed)

        def call(self, values: Any, training: bool = False) -> Any:
            """Returns the values, some of them dropped while it learns."""
            return self._drop(values) if training else values

        def _drop(self, values: Any) -> Any:
            _, height, width, channels = values.shape
            side = min(size, height, width)
            corners = (height - side + 1, width - side + 1)  # the number of positions where a square can begin
            rate = share / side**2 * (height * width) / (corners[0] * corners[1])
            shape = (ops.shape(values)[0], *corners, channels)
            chances = keras.random.uniform(shape, dtype="float32", seed=self._draws)
            begins, margin = ops.cast(chances < rate, "float32"), (side - 1, side - 1)
            kept = 1 - ops.max_pool(ops.pad(begins, ((0, 0), margin, margin, (0, 0))), side, strides=1)
            all_kept = ops.cast(ops.size(kept), "float32")
            return values * ops.cast(kept * all_kept / ops.maximum(ops.sum(kept), 1), values.dtype)

    return DropBlock()
