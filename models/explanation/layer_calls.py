"""What every layer of a model sees and says while the model looks at pictures, and which of it has rows and columns."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import keras


class Said(NamedTuple):
    """One call of a layer: what it was given first, and what it gave out."""

    layer: "keras.Layer"
    seen: Any
    said: Any

    @property
    def is_convolution(self) -> bool:
        """Whether its kernel has rows and columns, as also that which makes patches of a picture."""
        return any(len(weight.shape) == 4 for weight in self.layer.weights)


class Map(NamedTuple):
    """What a layer says of each place in a picture."""

    position: int  # of the call among all
    call: Said
    rows: int
    columns: int

    @property
    def channels(self) -> int:
        return int(self.call.said.shape[-1])

    def laid_out(self, values: Any) -> np.ndarray:
        """Values of its shape as [pictures, rows, columns, channels], float32."""
        shape = (-1, self.rows, self.columns, self.channels)
        return np.asarray(values, np.float32).reshape(shape)


def listen(model: "keras.Model", pixels: np.ndarray, hear: Callable[[Said], None]) -> None:
    """Each call in its order, those within nested models too, is heard before the model goes on."""
    with _overheard(model, hear):
        model(pixels, training=False)


def calls_of(model: "keras.Model", pixels: np.ndarray) -> list[Said]:
    calls: list[Said] = []
    listen(model, pixels, calls.append)
    return calls


def maps_among(calls: Sequence[Said]) -> list[Map]:
    """What has rows and columns, and more than one place.

    Where a map is made into a row of its places (the patches of a transformer), what is later said of each place of the
    row is laid back: nothing but their order says where they are, and nothing changes it.
    """
    maps, patches = [], None
    for position, call in enumerate(calls):
        seen, said = (tuple(getattr(values, "shape", ())) for values in (call.seen, call.said))
        if len(seen) == 4 and said[1:] == (seen[1] * seen[2], seen[3]):
            patches = seen[1:3]
        rows, columns = _sides(said, patches)
        if rows * columns > 1:
            maps.append(Map(position, call, rows, columns))
    return maps


def _sides(shape: tuple[int, ...], patches: tuple[int, ...] | None) -> tuple[int, int]:
    """Rows and columns of what has this shape; none where it has no places."""
    if len(shape) == 4:
        return shape[1], shape[2]
    if patches and len(shape) == 3 and shape[1] == patches[0] * patches[1]:
        return patches[0], patches[1]
    return 0, 0


@contextmanager
def _overheard(model: "keras.Model", hear: Callable[[Said], None]) -> Iterator[None]:
    """Each layer's call tells of itself: the one place that is the same in a graph, a chain, and a model in a model."""
    layers = list({id(layer): layer for layer in _innermost(model)}.values())
    for layer in layers:
        layer.call = _telling(layer, hear)
    try:
        yield
    finally:
        for layer in layers:
            del layer.call


def _telling(layer: "keras.Layer", hear: Callable[[Said], None]) -> Callable[..., Any]:
    silent = layer.call

    def call(*seen: Any, **options: Any) -> Any:
        said = silent(*seen, **options)
        hear(Said(layer, seen[0] if seen else None, said))
        return said

    return call


def _innermost(model: "keras.Model") -> Iterator["keras.Layer"]:
    from keras import Model

    for layer in model.layers:
        if isinstance(layer, Model):
            yield from _innermost(layer)
        else:
            yield layer
