"""Measures how many pictures a second recipes learn from with oneDNN, beside TensorFlow as it comes on this processor.

    python benchmarks/onednn.py [RECIPE ...]

TensorFlow computes by oneDNN of its own accord only where the processor has instructions for neural networks (VNNI,
AMX); we switch it on for every x86 processor. Each side is a process of its own. They take turns on the same noise, and
the fastest steps count.
"""

import argparse
import json
import os
import subprocess
import sys

import numpy as np
from learning import new_step, pictures_per_second
from measuring import print_table

from models.backend import prepare_tensorflow
from models.recipes.lookup import resolve

RECIPES = ("plain", "three-a", "quick", "sprint", "resnet")
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}
ROUNDS, REPEATS = 3, 3
PICTURES, SIDE = 500, 32  # learnt from at a time, in batches of the recipe's own size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="*", default=RECIPES)
    parser.add_argument("--side", choices=("ours", "theirs"), help="measure this side, and print its speeds")
    options = parser.parse_args()
    if options.side:
        if options.side == "theirs":
            import tensorflow as tf

            tf.zeros(()).numpy()  # by now it has settled what it computes by
        prepare_tensorflow()
        print(json.dumps([speed_of(name) for name in options.recipes]))
        return
    rounds = [[speeds_of(side, options.recipes) for side in ("ours", "theirs")] for _ in range(ROUNDS)]
    ours, theirs = (np.max(speeds, axis=0) for speeds in zip(*rounds, strict=True))
    rows = zip(options.recipes, ours, theirs, strict=True)
    print_table(
        ("recipe", "with oneDNN, pictures/s", "as TensorFlow comes", "ratio"),
        [(f"`{name}`", f"{our:,.0f}", f"{their:,.0f}", f"{our / their:.2f}") for name, our, their in rows],
    )


def speeds_of(side: str, recipes: list[str]) -> list[float]:
    command = [sys.executable, __file__, *recipes, "--side", side]
    environment = {name: value for name, value in os.environ.items() if name != "TF_ENABLE_ONEDNN_OPTS"} | QUIET
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    speeds: list[float] = json.loads(run.stdout)
    return speeds


def speed_of(name: str) -> float:
    recipe = resolve(name, {}, {})
    return pictures_per_second(new_step(recipe), recipe.batch_size, SIDE, PICTURES // recipe.batch_size, REPEATS)


if __name__ == "__main__":
    main()
