"""Records the input and output of every layer while a model looks at pictures; finds outputs with rows and columns."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import keras


class LayerCall(NamedTuple):
    """A call of a layer, with its first input and its output."""

    layer: "keras.Layer"
    input: Any
    output: Any

    @property
    def is_convolution(self) -> bool:
        """Tells whether its kernel has rows and columns; this includes the layer that cuts a picture into patches."""
        return any(len(weight.shape) == 4 for weight in self.layer.weights)


class LayerMap(NamedTuple):
    """The output of a layer for each place in a picture."""

    position: int  # of its call among all calls
    call: LayerCall
    rows: int
    columns: int

    @property
    def channels(self) -> int:
        """The number of its channels."""
        return int(self.call.output.shape[-1])

    def laid_out(self, values: Any) -> np.ndarray:
        """Returns values of this output's shape as float32 [pictures, rows, columns, channels]."""
        shape = (-1, self.rows, self.columns, self.channels)
        return np.asarray(values, np.float32).reshape(shape)


def listen(model: "keras.Model", pixels: np.ndarray, hear: Callable[[LayerCall], None]) -> None:
    """Runs the model and passes each call of a layer to `hear`, in order, those in nested models too."""
    with _overheard(model, hear):
        model(pixels, training=False)


def calls_of(model: "keras.Model", pixels: np.ndarray) -> list[LayerCall]:
    """Returns all calls of layers while the model looks at these pictures."""
    calls: list[LayerCall] = []
    listen(model, pixels, calls.append)
    return calls


def maps_among(calls: Sequence[LayerCall]) -> list[LayerMap]:
    """Returns the calls whose output has rows and columns, and more than one place.

    If a map is flattened to a row of its places (the patches of a transformer), later outputs for each place of the row
    count as maps too: the order of the places never changes.
    """
    maps, patches = [], None
    for position, call in enumerate(calls):
        before, after = (tuple(getattr(values, "shape", ())) for values in (call.input, call.output))
        if len(before) == 4 and after[1:] == (before[1] * before[2], before[3]):
            patches = before[1:3]
        rows, columns = _sides(after, patches)
        if rows * columns > 1:
            maps.append(LayerMap(position, call, rows, columns))
    return maps


def _sides(shape: tuple[int, ...], patches: tuple[int, ...] | None) -> tuple[int, int]:
    """Returns the rows and columns of a shape, 0 and 0 if it has none."""
    if len(shape) == 4:
        return shape[1], shape[2]
    if patches and len(shape) == 3 and shape[1] == patches[0] * patches[1]:
        return patches[0], patches[1]
    return 0, 0


@contextmanager
def _overheard(model: "keras.Model", hear: Callable[[LayerCall], None]) -> Iterator[None]:
    """Makes every layer report its calls for a while, in functional, sequential and nested models alike."""
    layers = list({id(layer): layer for layer in _innermost(model)}.values())
    for layer in layers:
        layer.call = _reporting_call(layer, hear)
    try:
        yield
    finally:
        for layer in layers:
            del layer.call


def _reporting_call(layer: "keras.Layer", hear: Callable[[LayerCall], None]) -> Callable[..., Any]:
    plain_call = layer.call

    def call(*inputs: Any, **options: Any) -> Any:
        output = plain_call(*inputs, **options)
        hear(LayerCall(layer, inputs[0] if inputs else None, output))
        return output

    return call


def _innermost(model: "keras.Model") -> Iterator["keras.Layer"]:
    from keras import Model

    for layer in model.layers:
        if isinstance(layer, Model):
            yield from _innermost(layer)
        else:
            yield layer
