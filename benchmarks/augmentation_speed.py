"""Measures how much longer a training takes with each augmentation than without any.

    python benchmarks/augmentation_speed.py [--recipes three-a,plain] [--pictures 2560] [--rounds 5] [--threads 2]

Makes pictures of CIFAR's shape from noise; prints a table for each recipe. Epochs with an augmentation take turns with
epochs without, and each ratio is the median of those between neighbours: of the seconds, and of the processor's time,
which on a machine that does other things too is the steadier. The feed alone is measured at its fastest.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from measuring import print_table

from models.backend import prepare_tensorflow
from models.recipes.declaration import Value
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.training_input import Pictures, shuffled_batches

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

CLASSES = 10
FEED_EPOCHS = 5
AUGMENTATIONS: dict[str, dict[str, Value]] = {
    "mirrored": {"mirrored_fraction": 0.5},
    "moved and mirrored": {
        "rotation_degrees": 36.0,
        "horizontal_shift_fraction": 0.1,
        "vertical_shift_fraction": 0.1,
        "zoom_fraction": 0.1,
        "mirrored_fraction": 0.5,
    },
    "randaugment": {"randaugment": 0.5},
    "colorjitter": {"colorjitter": 0.5},
    "cutout": {"cutout": 0.5},
    "mixup": {"mixup": 0.2},
    "cutmix": {"cutmix": 1.0},
    "mixup or cutmix": {"mixup": 0.2, "cutmix": 1.0},
}


class Took(NamedTuple):
    seconds: float
    processor_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", default="three-a,plain")
    parser.add_argument("--pictures", type=int, default=2_560, help="an epoch")
    parser.add_argument("--rounds", type=int, default=5, help="epochs with each augmentation")
    parser.add_argument("--threads", help="threads that TensorFlow computes with; every core without it")
    options = parser.parse_args()
    if options.threads:
        os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = options.threads
    threads = prepare_tensorflow()
    pictures = make_pictures(options.pictures)
    for name in options.recipes.split(","):
        recipe = replace(resolve(name, {}, {}), epochs=1_000)
        print(f"\n{name}, {options.pictures:,} pictures an epoch, {threads} threads\n")
        rows = chain(compare(recipe, pictures, options.rounds), by_keras(recipe, pictures))
        print_table(("", "seconds", "processor", "feed, pictures/s", "feed, us of processor a picture"), rows)


def compare(recipe: Recipe, pictures: Pictures, rounds: int) -> Iterator[tuple[str, ...]]:
    without = epoch_of(recipe, pictures)
    yield "without", "1", "1", *feed_speed(recipe, pictures)
    for name, options in AUGMENTATIONS.items():
        augmented = replace(recipe, **options)  # type: ignore[arg-type]
        with_it = epoch_of(augmented, pictures)
        pairs = [(with_it(), without()) for _ in range(rounds)]
        ratios = [median(one[kind] / other[kind] for one, other in pairs) for kind in range(len(Took._fields))]
        yield name, *(f"{ratio:.3f}" for ratio in ratios), *feed_speed(augmented, pictures)


def by_keras(recipe: Recipe, pictures: Pictures) -> Iterator[tuple[str, ...]]:
    """Yields a row for each of Keras's own layers, in the place of the augmentation that is written by hand."""
    from keras import layers

    jitter = {f"{part}_factor": 0.5 for part in ("brightness", "contrast", "saturation", "hue")}
    for layer in (layers.RandAugment(factor=0.5), layers.RandomColorJitter(**jitter), layers.RandomErasing()):
        yield f"Keras's {type(layer).__name__}", "", "", *keras_feed_speed(layer, recipe, pictures)


def epoch_of(recipe: Recipe, pictures: Pictures) -> Callable[[], Took]:
    """Returns a function that learns for one more epoch at each call; the first epoch, which compiles, is done."""
    from models.building.assembly import assemble
    from models.training.learner import Learner

    learner = Learner(recipe, pictures, None, assemble(recipe, pictures.pixels, CLASSES))

    def learn() -> Took:
        began, began_processor = perf_counter(), process_time()
        learner.learn_epoch(lambda steps: None)
        return Took(perf_counter() - began, process_time() - began_processor)

    learn()
    return learn


def feed_speed(recipe: Recipe, pictures: Pictures) -> tuple[str, str]:
    feed = shuffled_batches(pictures, replace(recipe, epochs=FEED_EPOCHS), CLASSES)
    return fastest_epoch(feed, pictures, recipe.batch_size)


def keras_feed_speed(layer: "keras.layers.Layer", recipe: Recipe, pictures: Pictures) -> tuple[str, str]:
    """Measures the feed with one of Keras's own layers in the place of ours."""
    import tensorflow as tf

    plain = shuffled_batches(pictures, replace(recipe, epochs=FEED_EPOCHS), CLASSES)
    feed = plain.map(lambda pixels, labels: (tf.cast(layer(pixels), tf.uint8), labels))
    return fastest_epoch(feed, pictures, recipe.batch_size)


def fastest_epoch(feed: "tf.data.Dataset", pictures: Pictures, batch_size: int) -> tuple[str, str]:
    """Returns pictures a second and the processor's microseconds for one, each of the best epoch but the first."""
    count = len(pictures.labels)
    steps = -(-count // batch_size)
    ends = [(perf_counter(), process_time()) for step, _ in enumerate(feed, start=1) if step % steps == 0]
    seconds, processor_seconds = np.diff(ends, axis=0).min(axis=0)
    return f"{count / seconds:,.0f}", f"{1e6 * processor_seconds / count:.0f}"


def make_pictures(count: int) -> Pictures:
    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
    return Pictures(pixels, generator.integers(0, CLASSES, count, dtype=np.int32))


if __name__ == "__main__":
    main()
