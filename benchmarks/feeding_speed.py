"""Measures how many pictures a second reach a training: our input beside two usual ones, on the same pictures.

    python benchmarks/feeding_speed.py [--pack DIR] [--pictures 45000]

Reads a pack's training pictures, or makes some of CIFAR's shape from noise, and writes them into folders for the way
that reads folders; prints a table. Each row is the fastest of three shuffled epochs, consumed inside TensorFlow.
"""

import argparse
import dataclasses
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from measuring import print_table

from datasets.pack import read_subset
from datasets.png import encode_png
from models.backend import prepare_tensorflow
from models.recipes.lookup import resolve
from models.training_input import Pictures, shuffled_batches

if TYPE_CHECKING:
    import tensorflow as tf

BATCH_SIZE, CLASSES = 64, 10
EPOCHS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, help="a pack to take the pictures from")
    parser.add_argument("--pictures", type=int, default=45_000)
    options = parser.parse_args()
    threads = prepare_tensorflow()
    pictures = take_pictures(options.pack, options.pictures)
    with tempfile.TemporaryDirectory() as folder:
        write_folders(pictures, Path(folder))
        ways = datasets_to_compare(pictures, Path(folder))
        speeds = {name: len(pictures.labels) / seconds_of_fastest_epoch(epoch) for name, epoch in ways.items()}
    print(f"{len(pictures.labels):,} pictures in batches of {BATCH_SIZE}, {threads} threads\n")
    print_table(("", "pictures/s"), [(name, f"{speed:,.0f}") for name, speed in speeds.items()])


def datasets_to_compare(pictures: Pictures, folder: Path) -> dict[str, "tf.data.Dataset"]:
    import keras
    import tensorflow as tf

    ours = {
        f"ours, {name}": shuffled_batches(
            pictures, dataclasses.replace(resolve(name, {}, {}), batch_size=BATCH_SIZE, epochs=1), CLASSES
        )
        for name in ("plain", "augmented", "sprint")
    }
    slices = tf.data.Dataset.from_tensor_slices(tuple(pictures)).shuffle(len(pictures.labels)).batch(BATCH_SIZE)
    size = pictures.pixels.shape[1:3]
    from_folders = keras.utils.image_dataset_from_directory(
        folder, batch_size=BATCH_SIZE, image_size=size, shuffle=True, seed=0, verbose=False
    )
    return ours | {
        "from_tensor_slices, shuffle, batch": slices.prefetch(tf.data.AUTOTUNE),
        "image_dataset_from_directory": from_folders.prefetch(tf.data.AUTOTUNE),
    }


def seconds_of_fastest_epoch(one_epoch: "tf.data.Dataset") -> float:
    import tensorflow as tf

    seconds = []
    for _ in range(EPOCHS):
        began = perf_counter()
        one_epoch.reduce(tf.constant(0), lambda count, batch: count + tf.shape(batch[0])[0])
        seconds.append(perf_counter() - began)
    return min(seconds)


def take_pictures(pack_dir: Path | None, count: int) -> Pictures:
    if pack_dir:
        pixels, labels = read_subset(pack_dir, "train")
        return Pictures(np.array(pixels[:count]), labels[:count])
    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
    return Pictures(pixels, generator.integers(0, CLASSES, count, dtype=np.int32))


def write_folders(pictures: Pictures, folder: Path) -> None:
    for label in np.unique(pictures.labels):
        (folder / str(label)).mkdir()
    for number, (pixels, label) in enumerate(zip(*pictures, strict=True)):
        (folder / str(label) / f"{number}.png").write_bytes(encode_png(pixels))


if __name__ == "__main__":
    main()
