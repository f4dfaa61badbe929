"""The steps of a recipe on noise, and how many pictures a second they take; shared by several benchmarks."""

from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from models.recipes.recipe import Recipe

SIDE, CLASSES = 32, 10


def new_step(recipe: Recipe) -> Any:
    """Returns the recipe's compiled steps, as its loop takes them."""
    from models.building.assembly import assemble
    from models.building.training_view import training_view
    from models.training.optimisers import new_optimiser
    from models.training.steps import learning_steps
    from models.training.targets import losses_of

    model = assemble(recipe, noise(recipe.batch_size, SIDE), CLASSES)
    cost = partial(losses_of, smoothing=recipe.label_smoothing)
    return learning_steps(training_view(model, recipe), new_optimiser(recipe, model), cost)


def pictures_per_second(step: Any, batch_size: int, side: int, steps: int, repeats: int) -> float:
    """Returns the rate of the fastest of several rounds; the first, which compiles, does not count."""
    import tensorflow as tf

    labels = np.arange(batch_size, dtype=np.int32) % CLASSES
    batches = iter(tf.data.Dataset.from_tensors((noise(batch_size, side), labels)).repeat())
    rates = tf.fill((steps,), 1e-4)

    def seconds() -> float:
        began = perf_counter()
        step(batches, rates, tf.constant(0), tf.constant(steps))[0].numpy()
        return perf_counter() - began

    seconds()
    return steps * batch_size / min(seconds() for _ in range(repeats))


def noise(count: int, side: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), np.uint8)
