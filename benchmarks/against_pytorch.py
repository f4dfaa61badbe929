"""Pictures a second that `sprint` learns from, beside PyTorch with the same network on the same cores.

    python benchmarks/against_pytorch.py PYTHON

PYTHON is an interpreter that has PyTorch. Both take turns on the same batches of noise, and the fastest step counts; of
PyTorch's ways (channels first or last, float32 and, where the processor computes in it, bfloat16) the fastest, none of
them compiled. The ratio is with Nesterov's optimiser on both sides; the recipe's own, Muon, does more.
"""

import argparse
import json
import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from measuring import print_table

from models.backend import precision_of, prepare_tensorflow
from models.recipes.named import resolve
from models.recipes.recipe import Recipe

SIDES = ("20", "24", "32")
ROUNDS, STEPS, CLASSES = 5, 5, 10
BATCH = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", help="an interpreter that has PyTorch")
    python = parser.parse_args().python
    threads = prepare_tensorflow()
    recipe = resolve("sprint", {}, {})
    muon, nesterov = new_step(recipe), new_step(replace(recipe, optimiser="sgd"))
    precisions = {"float32", precision_of(recipe)}
    rounds = [
        (
            speeds_of_pytorch(python, threads, precisions),
            *({side: speed_of(step, int(side)) for side in SIDES} for step in (nesterov, muon)),
        )
        for _ in range(ROUNDS)
    ]
    rows = []
    for side in SIDES:
        theirs, alike, own = (max(speeds[side] for speeds in turns) for turns in zip(*rounds, strict=True))
        speeds = (f"{speed:,.0f}" for speed in (own, alike, theirs))
        rows.append((f"{side} x {side}", *speeds, f"{alike / theirs:.2f}"))
    print_table(("pictures", "`sprint`, pictures/s", "with Nesterov's", "PyTorch with Nesterov's", "ratio"), rows)


def speeds_of_pytorch(python: str, threads: int, precisions: set[str]) -> dict[str, float]:
    script = Path(__file__).with_name("pytorch_network.py")
    command = [python, str(script), ",".join(SIDES), str(BATCH), str(threads), ",".join(sorted(precisions))]
    speeds: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return speeds


def new_step(recipe: Recipe) -> Any:
    """One step of a recipe's training, as its loop takes it: (pixels, labels) in, nothing out."""
    from models.building.assembly import assemble
    from models.building.training_view import training_view
    from models.training.optimisers import new_optimiser
    from models.training.steps import learning_steps
    from models.training.targets import losses_of

    model = assemble(recipe, noise(32), CLASSES)
    cost = partial(losses_of, smoothing=recipe.label_smoothing)
    return learning_steps(training_view(model, recipe), new_optimiser(recipe, model), cost)


def speed_of(step: Any, side: int) -> float:
    import tensorflow as tf

    labels = np.arange(BATCH, dtype=np.int32) % CLASSES
    batches = iter(tf.data.Dataset.from_tensors((noise(side), labels)).repeat())
    rates = tf.fill((1,), 0.01)

    def seconds() -> float:
        began = perf_counter()
        step(batches, rates, tf.constant(0), tf.constant(1))[0].numpy()
        return perf_counter() - began

    return BATCH / min(seconds() for _ in range(STEPS))


def noise(side: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (BATCH, side, side, 3), np.uint8)


if __name__ == "__main__":
    main()
