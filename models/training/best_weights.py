"""Keeps the weights that a training may return to: those of its best epochs, and the mean of the last epochs."""

from collections.abc import Callable, Mapping, Sequence

from models.recipes.recipe import Recipe
from models.training.averaging import Weights, averaged_epochs, updated_mean
from models.training.history import EpochRow, best_epoch, most_accurate_epoch

KeptWeights = Mapping[str, Weights]

LEAST_LOSS, MOST_ACCURATE, MEAN = "least_loss", "most_accurate", "mean"


def keep_best(
    recipe: Recipe, rows: Sequence[EpochRow], weights: Callable[[], Weights], kept: KeptWeights
) -> KeptWeights:
    """Returns the weights to keep after the last of these epochs, given the weights at its end."""
    epoch, new = rows[-1].epoch, {}
    if recipe.stop_patience and best_epoch(rows) == epoch:
        new[LEAST_LOSS] = weights()
    if recipe.checkpoint == "val_accuracy" and most_accurate_epoch(rows) == epoch:
        new[MOST_ACCURATE] = weights()
    averaged = epoch - (recipe.epochs - averaged_epochs(recipe))
    if averaged > 0:
        new[MEAN] = updated_mean(kept.get(MEAN, ()), weights(), averaged)
    return {**kept, **new}
