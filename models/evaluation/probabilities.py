"""What a model says, as one probability a class: of two classes it may give but the second's."""

from typing import Any


def of_every_class(said: Any) -> Any:
    """A tensor's or an array's columns [n, classes]."""
    from keras import ops

    return said if said.shape[-1] > 1 else ops.concatenate([1 - said, said], axis=-1)


def class_count(model: Any) -> int:
    """How many classes a model tells apart."""
    return max(2, int(model.output_shape[-1]))
