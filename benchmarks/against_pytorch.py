"""Pictures a second that `sprint` learns from, beside PyTorch with the same network on the same cores.

    python benchmarks/against_pytorch.py PYTHON

PYTHON is an interpreter that has PyTorch. Both take turns on the same batches of noise, and the fastest step counts; of
PyTorch's ways (channels first or last, float32 or bfloat16) the fastest. Its optimiser is Nesterov's, which does less
than our Muon.
"""

import argparse
import json
import subprocess
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from measuring import print_table

from models.backend import prepare_tensorflow
from models.recipes.named import resolve

SIDES = ("20", "24", "32")
ROUNDS, STEPS, CLASSES = 2, 5, 10
BATCH = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", help="an interpreter that has PyTorch")
    python = parser.parse_args().python
    threads = prepare_tensorflow()
    step = new_step()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(speeds_of_pytorch(python, threads))
        ours.append({side: speed_of(step, int(side)) for side in SIDES})
    rows = []
    for side in SIDES:
        our, their = (max(speeds[side] for speeds in rounds) for rounds in (ours, theirs))
        rows.append((f"{side} x {side}", f"{our:,.0f}", f"{their:,.0f}", f"{our / their:.2f}"))
    print_table(("pictures", "sprint, pictures/s", "PyTorch, pictures/s", "ratio"), rows)


def speeds_of_pytorch(python: str, threads: int) -> dict[str, float]:
    script = Path(__file__).with_name("pytorch_network.py")
    command = [python, str(script), ",".join(SIDES), str(BATCH), str(threads)]
    speeds: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return speeds


def new_step() -> Any:
    """One step of the recipe's training, as its loop takes it: (pixels, labels) in, nothing out."""
    from models.building.assembly import assemble
    from models.building.training_view import training_view
    from models.training.optimisers import new_optimiser
    from models.training.steps import learning_steps
    from models.training.targets import losses_of

    recipe = resolve("sprint", {}, {})
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
