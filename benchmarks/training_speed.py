"""How many pictures a second the training loop learns from, beside plain `model.fit` on the same network and arrays.

    python benchmarks/training_speed.py [--pack DIR] [--pictures 6000] [--threads 1]

Reads a pack, or makes one of CIFAR's shape from noise; prints a table. Of each row's epochs the fastest counts, since
whatever else the machine does only ever slows them; each holds the learning, the validation and, for the loop, its
checkpoint and history. Without --threads, TensorFlow takes every core.
"""

import argparse
import dataclasses
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np

from datasets.pack import read_classes, read_subset
from models import learner
from models.backend import prepare_tensorflow
from models.recipe import Recipe
from models.recipes import resolve

EPOCHS = 4
VALIDATION_COUNT = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, help="a pack to take the pictures from")
    parser.add_argument("--pictures", type=int, default=6000, help="training pictures an epoch")
    parser.add_argument("--threads", help="threads that TensorFlow computes with")
    options = parser.parse_args()
    if options.threads:
        os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = options.threads
    threads = prepare_tensorflow()
    with tempfile.TemporaryDirectory() as folder:
        pack_dir = Path(folder) / "pack"
        write_pack(pack_dir, options.pack, options.pictures)
        plain = dataclasses.replace(resolve("plain", {}, {}), epochs=EPOCHS)
        reference = options.pictures / seconds_of_fit(plain, pack_dir)
        print(f"{options.pictures:,} pictures an epoch, batches of {plain.batch_size}, {threads} threads")
        print(f"{'':36}{'pictures/s':>12}{'x fit':>8}")
        print(f"{'model.fit on arrays in memory':36}{reference:12,.0f}{1:8.2f}", flush=True)
        for name, seconds in measured_loops(plain, pack_dir, Path(folder)):
            speed = options.pictures / seconds
            print(f"{name:36}{speed:12,.0f}{speed / reference:8.2f}", flush=True)


def measured_loops(plain: Recipe, pack_dir: Path, folder: Path) -> Iterator[tuple[str, float]]:
    """Each way to run our loop, with the seconds of its fastest epoch."""
    chosen = learner.STEPS_AT_ONCE
    for steps in (chosen, 1, 8, 1024):
        learner.STEPS_AT_ONCE = steps
        yield f"train, {steps} steps at once", seconds_of_train(plain, pack_dir, folder)
    learner.STEPS_AT_ONCE = chosen
    yield (
        "train, mixed_bfloat16",
        seconds_of_train(dataclasses.replace(plain, precision="mixed_bfloat16"), pack_dir, folder),
    )
    for name in ("dropout", "augmented"):
        recipe = dataclasses.replace(resolve(name, {}, {}), epochs=EPOCHS)
        yield f"train, {name}", seconds_of_train(recipe, pack_dir, folder)
    yield f"train, {chosen} steps at once, again", seconds_of_train(plain, pack_dir, folder)


def write_pack(pack_dir: Path, source: Path | None, picture_count: int) -> None:
    pack_dir.mkdir()
    generator = np.random.default_rng(0)
    classes = read_classes(source) if source else [f"class {label}" for label in range(10)]
    for subset, count in (("train", picture_count), ("val", VALIDATION_COUNT)):
        if source:
            pixels, labels = (array[:count] for array in read_subset(source, subset))
        else:
            pixels = generator.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
            labels = generator.integers(0, len(classes), count, dtype=np.int32)
        np.save(pack_dir / f"{subset}_pixels.npy", pixels)
        np.save(pack_dir / f"{subset}_labels.npy", labels)
    (pack_dir / "classes.txt").write_text("".join(f"{name}\n" for name in classes), encoding="utf-8")


def seconds_of_train(recipe: Recipe, pack_dir: Path, folder: Path) -> float:
    from models.training import train

    ends: list[float] = []
    train(recipe, pack_dir, folder, "val", say=lambda line: ends.append(perf_counter()))
    return float(np.diff(ends).min())


def seconds_of_fit(recipe: Recipe, pack_dir: Path) -> float:
    import keras

    from models.networks import five_convolutions

    keras.utils.set_random_seed(recipe.seed)
    train, val = (tuple(map(np.array, read_subset(pack_dir, subset))) for subset in ("train", "val"))
    model = five_convolutions.build(recipe, train[0].shape[1:], len(read_classes(pack_dir)))
    model.compile(keras.optimizers.Adam(recipe.learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    ends: list[float] = []
    timer = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(perf_counter()))
    model.fit(*train, recipe.batch_size, recipe.epochs, verbose=0, callbacks=[timer], validation_data=val)
    return float(np.diff(ends).min())


if __name__ == "__main__":
    main()
