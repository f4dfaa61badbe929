"""Measures how many pictures a second the training loop learns from, beside `model.fit` on the same network and arrays.

    python benchmarks/training_speed.py [--pack DIR] [--pictures 2000] [--threads 1]

Reads a pack, or makes one of CIFAR's shape from noise; prints a table. Every way is measured in turn, twice over, and
the fastest of its epochs counts, since other work on the machine can only slow an epoch down. An epoch includes
validation and, for the loop, its checkpoint and history. Without --threads, TensorFlow takes every core.
"""

import argparse
import dataclasses
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
from measuring import print_table

from datasets.pack import read_classes, read_subset
from models.backend import prepare_tensorflow
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.training import learner

ROUNDS = 2
EPOCHS = 4  # the first, which holds the compilation, does not count
VALIDATION_COUNT = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, help="a pack to take the pictures from")
    parser.add_argument("--pictures", type=int, default=2000, help="training pictures an epoch")
    parser.add_argument("--threads", help="threads that TensorFlow computes with")
    options = parser.parse_args()
    if options.threads:
        os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = options.threads
    threads = prepare_tensorflow()
    with tempfile.TemporaryDirectory() as folder:
        pack_dir = Path(folder) / "pack"
        write_pack(pack_dir, options.pack, options.pictures)
        ways = ways_to_train(pack_dir, Path(folder))
        rounds = [{name: epoch_seconds() for name, epoch_seconds in ways.items()} for _ in range(ROUNDS)]
    speeds = {name: options.pictures / min(seconds[name] for seconds in rounds) for name in ways}
    reference = next(iter(speeds.values()))
    print(f"{options.pictures:,} pictures an epoch, {threads} threads\n")
    rows = [(name, f"{speed:,.0f}", f"{speed / reference:.2f}") for name, speed in speeds.items()]
    print_table(("", "pictures/s", "times model.fit"), rows)


def ways_to_train(pack_dir: Path, folder: Path) -> dict[str, Callable[[], float]]:
    """Returns each way by name, as a call that gives the seconds of its fastest epoch; the first is the reference."""
    plain, dropout, augmented = (
        dataclasses.replace(resolve(name, {}, {}), epochs=EPOCHS) for name in ("plain", "dropout", "augmented")
    )
    bfloat16 = dataclasses.replace(plain, precision="mixed_bfloat16")

    def loop(recipe: Recipe, steps_at_once: int = learner.STEPS_AT_ONCE) -> Callable[[], float]:
        return lambda: seconds_of_loop(recipe, pack_dir, folder, steps_at_once)

    return {
        "model.fit on arrays in memory, plain": lambda: seconds_of_fit(plain, pack_dir),
        "plain": loop(plain),
        "plain, returning after every step": loop(plain, 1),
        "plain, returning after 8 steps": loop(plain, 8),
        "plain, mixed_bfloat16": loop(bfloat16),
        "dropout": loop(dropout),
        "augmented": loop(augmented),
    }


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


def seconds_of_loop(recipe: Recipe, pack_dir: Path, folder: Path, steps_at_once: int) -> float:
    from models.training.train import train

    learner.STEPS_AT_ONCE = steps_at_once
    ends: list[float] = []
    with tempfile.TemporaryDirectory(dir=folder) as fresh:  # a finished training is not repeated
        train(recipe, pack_dir, Path(fresh), "val", say=lambda line: ends.append(perf_counter()))
    return float(np.diff(ends).min())


def seconds_of_fit(recipe: Recipe, pack_dir: Path) -> float:
    import keras

    from models.building.assembly import assemble

    keras.utils.set_random_seed(recipe.seed)
    train, val = (tuple(map(np.array, read_subset(pack_dir, subset))) for subset in ("train", "val"))
    model = assemble(recipe, train[0], len(read_classes(pack_dir)))
    model.compile(keras.optimizers.Adam(recipe.learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    ends: list[float] = []
    timer = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(perf_counter()))
    model.fit(*train, recipe.batch_size, recipe.epochs, verbose=0, callbacks=[timer], validation_data=val)
    return float(np.diff(ends).min())


if __name__ == "__main__":
    main()
