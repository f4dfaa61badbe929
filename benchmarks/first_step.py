"""Measures the seconds from a fresh Python to the first step of a training, beside `model.fit` on the same network.

    python benchmarks/first_step.py [--recipe sprint]

Each side is a process of its own. They take turns, and the fastest of several counts, part by part. `model.fit` is
called as notebooks call it, so Keras itself decides how it compiles. Both see pictures at their full size, even if the
recipe would show smaller ones first. The time to read the pictures is not counted.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from measuring import print_table

from models.recipes.lookup import resolve

ROUNDS = 3
PARTS = ("libraries loaded", "network made", "first step taken")
CLASSES, SIDE = 10, 32
Laps = list[float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="sprint")
    parser.add_argument("--side", choices=SIDES, help="take the steps of this side, and print their seconds")
    options = parser.parse_args()
    if options.side:
        print(json.dumps(SIDES[options.side](options.recipe)))
        return
    rounds = [{side: laps_of(side, options.recipe) for side in SIDES} for _ in range(ROUNDS)]
    fastest = {side: [min(laps) for laps in zip(*(turn[side] for turn in rounds), strict=True)] for side in SIDES}
    ours, theirs = fastest["ours"], fastest["keras"]
    rows = [*zip(PARTS, ours, theirs, strict=True), ("all", sum(ours), sum(theirs))]
    print_table(
        ("", f"`{options.recipe}`, s", "Keras, s", "ratio"),
        [(part, f"{our:.2f}", f"{their:.2f}", f"{our / their:.2f}") for part, our, their in rows],
    )


def laps_of(side: str, recipe: str) -> Laps:
    command = [sys.executable, __file__, "--recipe", recipe, "--side", side]
    laps: Laps = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return laps


def take_ours(name: str) -> Laps:
    laps = Stopwatch()
    from models.backend import prepare_tensorflow

    prepare_tensorflow()
    laps.lap()
    from models.building.assembly import assemble
    from models.building.training_view import training_view
    from models.training.learner import Learner
    from models.training_input import Pictures

    recipe = dataclasses.replace(resolve(name, {}, {}), epochs=1, scales=(1.0,))
    pixels, labels = a_batch(recipe.batch_size)
    model = assemble(recipe, pixels, CLASSES)
    learner = Learner(recipe, Pictures(pixels, labels), None, model, training_view(model, recipe))
    laps.lap()
    learner.learn_epoch(lambda steps: None)
    return laps.lap()


def take_kerass(name: str) -> Laps:
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    laps = Stopwatch()
    import keras

    laps.lap()
    from models.building.assembly import assemble

    recipe = dataclasses.replace(resolve(name, {}, {}), scales=(1.0,))
    pixels, labels = a_batch(recipe.batch_size)
    model = assemble(recipe, pixels, CLASSES)
    model.compile(keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy")
    laps.lap()
    model.fit(pixels, labels, recipe.batch_size, verbose=0)
    return laps.lap()


class Stopwatch:
    """A stopwatch that gives the seconds between laps."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._laps: Laps = []

    def lap(self) -> Laps:
        now = perf_counter()
        self._laps.append(now - self._began)
        self._began = now
        return self._laps


def a_batch(count: int) -> tuple[Any, Any]:
    import numpy as np

    generator = np.random.default_rng(0)
    return generator.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8), np.arange(count, dtype=np.int32) % CLASSES


SIDES: dict[str, Callable[[str], Laps]] = {"ours": take_ours, "keras": take_kerass}


if __name__ == "__main__":
    main()
