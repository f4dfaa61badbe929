"""A network while it learns, an epoch at a time, from its start or from a checkpoint."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from datasets.errors import UserError
from models.building.probabilities import class_count
from models.recipes.recipe import Recipe
from models.training.averaging import measure_batch_norms, moving_average_in_place
from models.training.best_weights import LEAST_LOSS, MEAN, MOST_ACCURATE, KeptWeights, keep_best
from models.training.checkpoint import Checkpoint, UnfitCheckpointError
from models.training.history import EpochRow, next_learning_rates
from models.training.optimisers import new_optimiser
from models.training.steps import FINITE, learning_steps, measuring
from models.training.targets import balanced_weights, losses_of
from models.training_input import Pictures, shuffled_batches, steps_per_epoch

if TYPE_CHECKING:
    import keras

# Steps between two returns to Python: enough to hide the cost of returning, few enough for a bar that moves.
STEPS_AT_ONCE = 32


class Learner:
    """A model in training, with the pictures it learns from; `rows` has its epochs so far.

    It is trained through its `view`, if there is one: a model that shares its weights.
    """

    def __init__(
        self,
        recipe: Recipe,
        training: Pictures,
        validating: Pictures | None,
        model: "keras.Model",
        view: "keras.Model | None" = None,
    ) -> None:
        import tensorflow as tf

        self.rows: list[EpochRow] = []
        self.step_count = steps_per_epoch(len(training.labels), recipe)
        self.model = model
        self._view = view or model
        self._recipe = recipe
        self._training = training
        self._validating = validating and Pictures(*map(tf.constant, validating))
        self._optimiser = new_optimiser(recipe, self.model)
        self._kept: KeptWeights = {}
        self._batches: Any = None
        class_weights = balanced_weights(recipe, training.labels, class_count(model))
        cost = partial(losses_of, smoothing=recipe.label_smoothing, class_weights=class_weights)
        self._learn = learning_steps(self._view, self._optimiser, cost)
        self._measure = measuring(self.model, recipe.batch_size)

    def learn_epoch(self, advance: Callable[[int], None]) -> EpochRow:
        """Learns once from every training picture, then validates; reports the steps just taken to `advance`."""
        rates = next_learning_rates(self._recipe, self.rows, self.step_count)
        loss, accuracy = self._learn_from_all(rates, advance)
        with moving_average_in_place(self.model, self._optimiser):
            row = EpochRow(len(self.rows) + 1, loss, accuracy, *self._validate(), float(rates.max()))
            self.rows.append(row)
            self._kept = keep_best(self._recipe, self.rows, self.model.get_weights, self._kept)
        return row

    def state(self, train_seconds: float) -> Checkpoint:
        """Returns everything that a resumed training needs."""
        values = [variable.numpy() for variable in self._variables()]
        return Checkpoint(self.rows, train_seconds, values, self._kept)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Continues from a checkpoint; to be called before the first epoch only."""
        variables = self._variables()
        if [variable.shape for variable in variables] != [value.shape for value in checkpoint.variables]:
            raise UnfitCheckpointError("it holds another network")
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self.rows = list(checkpoint.rows)
        self._kept = checkpoint.kept

    def finished_models(self) -> Iterator[tuple[str, "keras.Model"]]:
        """Yields the name of each file to save, and the model with the weights for that file."""
        with moving_average_in_place(self.model, self._optimiser):
            if LEAST_LOSS in self._kept:
                self.model.set_weights(self._kept[LEAST_LOSS])
            elif MEAN in self._kept:
                self.model.set_weights(self._kept[MEAN])
                measure_batch_norms(self.model, self._view, self._batches_after(self._recipe.epochs - 1))
            yield "model", self.model
        if MOST_ACCURATE in self._kept:
            self.model.set_weights(self._kept[MOST_ACCURATE])
            yield "best_val_accuracy", self.model

    def _variables(self) -> list[Any]:
        """Returns every variable that learning changes, once."""
        variables = [*self.model.variables, *self._optimiser.variables, *self._view.variables]
        return list({id(variable): variable for variable in variables}.values())

    def _batches_after(self, epochs_done: int) -> Iterator[Any]:
        classes = class_count(self.model)
        return iter(shuffled_batches(self._training, self._recipe, class_count=classes, epochs_done=epochs_done))

    def _learn_from_all(self, rates: np.ndarray, advance: Callable[[int], None]) -> tuple[float, float]:
        import tensorflow as tf

        if self._batches is None:
            self._batches = self._batches_after(len(self.rows))
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
        rate, is_fine_tuning = f"{self._recipe.learning_rate:g}", self._recipe.unfreeze > 0
        raise UserError(
            f"{self._recipe.name}: the loss is no longer a number at epoch {len(self.rows) + 1}, {place}. Try a "
            + (
                f"lower unfreeze_rate, which makes the learning_rate {rate} here."
                if is_fine_tuning
                else f"learning_rate below {rate}."
            )
        )
