"""Where the time of an epoch goes, in microseconds a picture, beside what its arithmetic takes at the least.

    python benchmarks/epoch_profile.py [--recipe sprint] [--pictures 5000]

For every size that the recipe shows: one epoch on noise of CIFAR's shape, after another that compiles it, by
TensorFlow's profiler. Operations run side by side, so each is given its share of the epoch's time. The least is the
operations of the convolutions at the rate of a large product of matrices in the recipe's precision.
"""

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from measuring import print_table

from models.backend import precision_of, prepare_tensorflow
from models.recipes.named import resolve
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
    parser.add_argument("--recipe", default="sprint")
    parser.add_argument("--pictures", default=5000, type=int)
    options = parser.parse_args()
    prepare_tensorflow()
    recipe = resolve(options.recipe, {}, {})
    rate = operations_a_second(precision_of(recipe))
    print(f"A product of matrices: {rate / 1e9:,.0f} thousand million operations a second.")
    for scale in dict.fromkeys(recipe.scales):
        print(f"\nPictures of {round(scale * SIDE)} pixels:\n")
        header = ("", *WAYS, "at the least")
        print_table(header, rows_of(replace(recipe, scales=(scale,), epochs=2), options.pictures, rate))


def operations_a_second(precision: str) -> float:
    import tensorflow as tf

    kind = tf.bfloat16 if precision == "mixed_bfloat16" else tf.float32
    matrix = tf.cast(tf.random.normal((MATRIX_SIDE, MATRIX_SIDE)), kind)

    def seconds() -> float:
        began = perf_counter()
        tf.matmul(matrix, matrix).numpy()
        return perf_counter() - began

    return 2 * MATRIX_SIDE**3 / min(seconds() for _ in range(PRODUCTS))


def rows_of(recipe: Recipe, count: int, rate: float) -> Iterator[tuple[str, ...]]:
    from keras.layers import Conv2D

    from models.building.assembly import assemble

    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)
    model = assemble(recipe, pixels, CLASSES)
    epoch_seconds, spent = profile_epoch(recipe, model, pixels)
    scaling = epoch_seconds / sum(spent.values()) / count * 1e6
    convolutions = [layer for layer in model.layers if isinstance(layer, Conv2D)]
    ways_taken = Counter(layer for layer, _ in spent)
    least = {layer.name: operations_of(layer) * ways_taken[layer.name] / rate * 1e6 for layer in convolutions}
    for name in (*least, *KINDS):
        taken = (spent.get((name, way), 0) * scaling for way in WAYS)
        yield name, *(f"{time:.0f}" if time else "" for time in taken), f"{least[name]:.0f}" if name in least else ""
    together = (sum(time for (_, its), time in spent.items() if its == way) * scaling for way in WAYS)
    yield f"all: {epoch_seconds / count * 1e6:.0f}", *(f"{time:.0f}" for time in together), f"{sum(least.values()):.0f}"


def operations_of(layer: Any) -> float:
    """Of one picture, one way: a product and a sum for each weight at each place."""
    _, height, width, _ = layer.output.shape
    return 2.0 * height * width * float(np.prod(layer.kernel.shape))


def profile_epoch(recipe: Recipe, model: Any, pixels: np.ndarray) -> tuple[float, Spent]:
    """The seconds of an epoch, and those of its operations, summed over the threads they ran in."""
    import tensorflow as tf

    from models.building.training_view import training_view
    from models.input import Pictures
    from models.training.learner import Learner

    labels = np.arange(len(pixels), dtype=np.int32) % CLASSES
    learner = Learner(recipe, Pictures(pixels, labels), None, model, training_view(model, recipe))
    learner.learn_epoch(lambda steps: None)
    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder):
            began = perf_counter()
            learner.learn_epoch(lambda steps: None)
            seconds = perf_counter() - began
        (trace,) = Path(folder).glob("**/*.xplane.pb")
        return seconds, seconds_by_kind(trace.read_bytes())


def seconds_by_kind(trace: bytes) -> Spent:
    from tensorflow.tsl.profiler.protobuf.xplane_pb2 import XSpace

    spent: Counter[tuple[str, str]] = Counter()
    for plane in XSpace.FromString(trace).planes:
        for line in plane.lines:
            if line.name.startswith("tf_Compute"):
                for event in line.events:
                    name = plane.event_metadata[event.metadata_id].name
                    if ":" in name and "::" not in name:  # an operation, not what runs it
                        spent[kind_of(name)] += event.duration_ps / 1e12
    return spent


def kind_of(operation: str) -> tuple[str, str]:
    """The layer of a convolution, or else the kind of what is not one, and which way it goes."""
    if "/muon/" in operation:
        return "optimiser", TO_WEIGHTS
    way = TO_WEIGHTS if "BackpropFilter" in operation else TO_VALUES if BACKWARD.search(operation) else FORWARD
    if "Conv2D" in operation and (convolution := re.search(r"convolution_\w\w|patches", operation)):
        return convolution[0], way
    named = re.search("|".join(NAMED), operation)
    return NAMED[named[0]] if named else "all else", way


if __name__ == "__main__":
    main()
