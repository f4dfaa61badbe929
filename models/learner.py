"""A network while it learns: an epoch at a time, from its start or from a checkpoint."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from datasets.errors import UserError
from models.checkpoint import Checkpoint, UnfitCheckpointError
from models.history import EpochRow, best_epoch, next_learning_rates
from models.input import Pictures, shuffled_batches, steps_per_epoch
from models.optimisers import new_optimiser
from models.recipe import Recipe
from models.steps import FINITE, learning_steps, measuring

if TYPE_CHECKING:
    import keras

# Batches learnt from between two returns to Python: enough to hide the cost of returning, few enough for a live bar.
STEPS_AT_ONCE = 32


class Learner:
    """A recipe's network on its pictures; `rows` is what it did so far."""

    def __init__(self, recipe: Recipe, training: Pictures, validating: Pictures | None, model: "keras.Model") -> None:
        import tensorflow as tf

        self.rows: list[EpochRow] = []
        self.step_count = steps_per_epoch(len(training.labels), recipe)
        self.model = model
        self._recipe = recipe
        self._training = training
        self._validating = validating and Pictures(*map(tf.constant, validating))
        self._optimiser = new_optimiser(recipe, self.model)
        self._best_weights: Sequence[np.ndarray] = []
        self._batches: Any = None
        self._learn = learning_steps(self.model, self._optimiser, recipe.label_smoothing)
        self._measure = measuring(self.model, recipe.batch_size)

    def learn_epoch(self, advance: Callable[[int], None]) -> EpochRow:
        """Learn once from every training picture, then measure; tells `advance` of the steps as they are taken."""
        rates = next_learning_rates(self._recipe, self.rows, self.step_count)
        learnt = self._learn_from_all(rates, advance)
        row = EpochRow(len(self.rows) + 1, *learnt, *self._validate(), float(rates.max()))
        self.rows.append(row)
        if self._recipe.stop_patience and best_epoch(self.rows) == row.epoch:
            self._best_weights = self.model.get_weights()
        return row

    def state(self, train_seconds: float) -> Checkpoint:
        values = [variable.numpy() for variable in self._variables()]
        return Checkpoint(self.rows, train_seconds, values, self._best_weights)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Stand where the checkpoint was taken; before the first epoch only."""
        variables = self._variables()
        if [variable.shape for variable in variables] != [value.shape for value in checkpoint.variables]:
            raise UnfitCheckpointError("it holds another network")
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self.rows = list(checkpoint.rows)
        self._best_weights = checkpoint.best_weights

    def finish(self) -> "keras.Model":
        """The model to keep: as after its best epoch where the recipe may stop early, else as it is."""
        if self._recipe.stop_patience:
            self.model.set_weights(self._best_weights)
        return self.model

    def _variables(self) -> list[Any]:
        return [*self.model.variables, *self._optimiser.variables]

    def _learn_from_all(self, rates: np.ndarray, advance: Callable[[int], None]) -> tuple[float, float]:
        import tensorflow as tf

        if self._batches is None:
            self._batches = iter(shuffled_batches(self._training, self._recipe, epochs_done=len(self.rows)))
        loss_sum, right_count, all_rates = 0.0, 0, tf.constant(rates, tf.float32)
        for steps_done in range(0, self.step_count, STEPS_AT_ONCE):
            count = min(STEPS_AT_ONCE, self.step_count - steps_done)
            totals = self._learn(self._batches, all_rates, tf.constant(steps_done), tf.constant(count))
            loss_sum_now, right_count_now, bad_step = (total.numpy().item() for total in totals)
            if bad_step != FINITE:
                self._stop_at(f"step {steps_done + bad_step + 1} of {self.step_count}")
            loss_sum += loss_sum_now
            right_count += right_count_now
            advance(count)
        return loss_sum / len(self._training.labels), right_count / len(self._training.labels)

    def _validate(self) -> tuple[float, float]:
        if self._validating is None:
            return math.nan, math.nan
        loss_sum, right_count = (total.numpy().item() for total in self._measure(*self._validating))
        if not math.isfinite(loss_sum):
            self._stop_at(f"validation, after step {self.step_count} of {self.step_count}")
        return loss_sum / len(self._validating.labels), right_count / len(self._validating.labels)

    def _stop_at(self, place: str) -> NoReturn:
        raise UserError(
            f"{self._recipe.name}: the loss is no longer a number at epoch {len(self.rows) + 1}, {place}. "
            f"Try a learning_rate below {self._recipe.learning_rate:g}."
        )
