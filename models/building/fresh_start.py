"""Where a network is made: apart from how, so that a change of that has no features computed anew."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.backend import precision_of
from models.recipes.recipe import Recipe


@contextmanager
def started_anew(recipe: Recipe) -> Iterator[None]:
    """Where a network is made: the same one whatever was made in this process before."""
    import keras
    import tensorflow as tf

    # Needed for the same bits on a GPU; a CPU gives them without, and loses less speed by it than could be measured.
    tf.config.experimental.enable_op_determinism()
    keras.backend.clear_session()
    keras.utils.set_random_seed(recipe.seed)
    usual_policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision_of(recipe))
    try:
        yield
    finally:
        keras.config.set_dtype_policy(usual_policy)
