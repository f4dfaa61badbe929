"""Pictures a second that recipes learn from with oneDNN, beside TensorFlow as it comes on this processor.

    python benchmarks/onednn.py [RECIPE ...]

TensorFlow computes by oneDNN of its own accord only where the processor has AVX512-VNNI or better; we have it do so on
every x86 one. Each side is a process of its own; they take turns on the same noise, and the fastest steps count.
"""

import argparse
import json
import os
import subprocess
import sys
from functools import partial
from time import perf_counter

import numpy as np
from measuring import print_table

from models.backend import prepare_tensorflow
from models.recipes.named import resolve

RECIPES = ("plain", "three-a", "quick", "sprint", "resnet", "coarse-cnn")
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}
ROUNDS, REPEATS = 3, 5
PICTURES, SIDE, CLASSES = 1000, 32, 10  # learnt from at a time, in batches of the recipe's own size


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
    import tensorflow as tf

    from models.building.assembly import assemble
    from models.building.training_view import training_view
    from models.training.optimisers import new_optimiser
    from models.training.steps import learning_steps
    from models.training.targets import losses_of

    recipe = resolve(name, {}, {})
    pixels = np.random.default_rng(0).integers(0, 256, (recipe.batch_size, SIDE, SIDE, 3), np.uint8)
    labels = np.arange(recipe.batch_size, dtype=np.int32) % CLASSES
    batches = iter(tf.data.Dataset.from_tensors((pixels, labels)).repeat())
    model = assemble(recipe, pixels, CLASSES)
    cost = partial(losses_of, smoothing=recipe.label_smoothing)
    learn = learning_steps(training_view(model, recipe), new_optimiser(recipe, model), cost)
    steps = PICTURES // recipe.batch_size
    rates = tf.fill((steps,), 1e-4)

    def seconds() -> float:
        began = perf_counter()
        learn(batches, rates, tf.constant(0), tf.constant(steps))[0].numpy()
        return perf_counter() - began

    seconds()  # compiles
    return steps * recipe.batch_size / min(seconds() for _ in range(REPEATS))


if __name__ == "__main__":
    main()
