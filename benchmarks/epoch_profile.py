"""Measures where the time of an epoch goes, in microseconds a picture, beside the least that its arithmetic takes.

    python benchmarks/epoch_profile.py [--recipe sprint] [--pictures 5000]

For every size that the recipe shows: one epoch on noise of CIFAR's shape, after another that compiles it, by
TensorFlow's profiler. Operations run side by side, so each is given its share of the epoch's time. The least is what a
convolution would take at the highest rate met, be it that of a large product of matrices or of another convolution.
"""

import argparse
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from measuring import print_table

from models.backend import precision_of, prepare_tensorflow
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe

SIDE, CLASSES = 32, 10
MATRIX_SIDE, PRODUCTS = 2048, 10
FORWARD, TO_VALUES, TO_WEIGHTS = "forward", "back to the values", "back to the weights"
WAYS = (FORWARD, TO_VALUES, TO_WEIGHTS)
KINDS = ("batch norm", "pooling", "activation", "optimiser", "all else")
NAMED = {"norm": "batch norm", "pooling": "pooling", "silu": "activation", "relu": "activation"}
BACKWARD = re.compile("gradient_tape|_slope")
Spent = dict[tuple[str, str], float]  # by layer or kind, and way


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="sprint", help="one that learns by muon")
    parser.add_argument("--pictures", default=5000, type=int)
    options = parser.parse_args()
    prepare_tensorflow()
    recipe = resolve(options.recipe, {}, {})
    scales = dict.fromkeys(recipe.scales)
    epochs = [profile_epoch(replace(recipe, scales=(scale,), epochs=2), options.pictures) for scale in scales]
    product_rate = operations_a_second(precision_of(recipe))
    rate = max(product_rate, *(epoch.highest_rate for epoch in epochs))
    highest = [f"{it / 1e9:,.0f}" for it in (product_rate, rate)]
    print("Thousand million operations a second: {} in a product of matrices, {} at the most.".format(*highest))
    for scale, epoch in zip(scales, epochs, strict=True):
        print(f"\nPictures of {round(scale * SIDE)} pixels:\n")
        print_table(("", *WAYS, "at the least"), rows_of(epoch, rate))


def operations_a_second(precision: str) -> float:
    import tensorflow as tf

    kind = tf.bfloat16 if precision == "mixed_bfloat16" else tf.float32
    matrix = tf.cast(tf.random.normal((MATRIX_SIDE, MATRIX_SIDE)), kind)

    def seconds() -> float:
        began = perf_counter()
        tf.matmul(matrix, matrix).numpy()
        return perf_counter() - began

    return 2 * MATRIX_SIDE**3 / min(seconds() for _ in range(PRODUCTS))


class Epoch(NamedTuple):
    """An epoch's measured times, in seconds a picture."""

    seconds: float
    spent: Spent
    operations: dict[str, float]  # of each convolution for one picture, one way

    @property
    def highest_rate(self) -> float:
        return max(
            self.operations[kind] / seconds for (kind, _), seconds in self.spent.items() if kind in self.operations
        )


def rows_of(epoch: Epoch, rate: float) -> Iterator[tuple[str, ...]]:
    """Yields the table's rows, in microseconds a picture."""
    ways_taken = Counter(kind for kind, _ in epoch.spent)
    least = {name: operations * ways_taken[name] / rate for name, operations in epoch.operations.items()}
    for name in (*least, *KINDS):
        taken = (epoch.spent.get((name, way), 0) for way in WAYS)
        yield name, *(f"{1e6 * time:.0f}" if time else "" for time in taken), in_microseconds(least.get(name))
    together = (sum(time for (_, its), time in epoch.spent.items() if its == way) for way in WAYS)
    yield f"all: {1e6 * epoch.seconds:.0f}", *map(in_microseconds, (*together, sum(least.values())))


def in_microseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{1e6 * seconds:.0f}"


def profile_epoch(recipe: Recipe, count: int) -> Epoch:
    import tensorflow as tf
    from keras.layers import Conv2D

    from models.building.assembly import assemble
    from models.building.training_view import training_view
    from models.training.learner import Learner
    from models.training_input import Pictures

    pixels = np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)
    labels = np.arange(count, dtype=np.int32) % CLASSES
    model = assemble(recipe, pixels, CLASSES)
    learner = Learner(recipe, Pictures(pixels, labels), None, model, training_view(model, recipe))
    learner.learn_epoch(lambda steps: None)
    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder):
            began = perf_counter()
            learner.learn_epoch(lambda steps: None)
            seconds = (perf_counter() - began) / count
        (trace,) = Path(folder).glob("**/*.xplane.pb")
        operations = {layer.name: operations_of(layer) for layer in model.layers if isinstance(layer, Conv2D)}
        measured = seconds_by_kind(trace.read_bytes(), operations)
    # Threads work at the same time, and wait for each other: what they took is more, and is brought to what it lasted.
    part = seconds / sum(measured.values())
    return Epoch(seconds, {kind: part * time for kind, time in measured.items()}, operations)


def operations_of(layer: Any) -> float:
    """Counts a layer's operations for one picture, one way: a product and a sum for each weight at each place."""
    _, height, width, _ = layer.output.shape
    return 2.0 * float(np.prod((height, width, *layer.kernel.shape)))


def seconds_by_kind(trace: bytes, convolutions: Iterable[str]) -> Spent:
    from tensorflow.tsl.profiler.protobuf.xplane_pb2 import XSpace

    spent: defaultdict[tuple[str, str], float] = defaultdict(float)
    for plane in XSpace.FromString(trace).planes:
        for line in plane.lines:
            if line.name.startswith("tf_Compute"):
                for event in line.events:
                    name = plane.event_metadata[event.metadata_id].name
                    if ":" in name and "::" not in name:  # an operation, not what runs it
                        spent[kind_of(name, convolutions)] += event.duration_ps / 1e12
    return spent


def kind_of(operation: str, convolutions: Iterable[str]) -> tuple[str, str]:
    """Returns the layer of a convolution, or the kind of any other operation, and which way it goes."""
    if "/muon/" in operation:
        return "optimiser", TO_WEIGHTS
    way = TO_WEIGHTS if "BackpropFilter" in operation else TO_VALUES if BACKWARD.search(operation) else FORWARD
    for convolution in convolutions:
        if "Conv2D" in operation and re.search(rf"[/_]{convolution}_1/", operation):
            return convolution, way
    named = re.search("|".join(NAMED), operation)
    return NAMED[named[0]] if named else "all else", way


if __name__ == "__main__":
    main()
