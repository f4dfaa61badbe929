"""Which weights of a training are kept beside its latest: those of the best epochs, and the mean of the last."""

from collections.abc import Callable, Mapping, Sequence

from models.recipes.recipe import Recipe
from models.training.averaging import Weights, averaged_epochs, mean_with
from models.training.history import EpochRow, best_epoch, most_accurate_epoch

Kept = Mapping[str, Weights]

LEAST_LOSS, MOST_ACCURATE, MEAN = "least_loss", "most_accurate", "mean"


def keep(recipe: Recipe, rows: Sequence[EpochRow], weights: Callable[[], Weights], kept: Kept) -> Kept:
    """What is kept now that one more epoch is done, after which the weights are these."""
    epoch, new = rows[-1].epoch, {}
    if recipe.stop_patience and best_epoch(rows) == epoch:
        new[LEAST_LOSS] = weights()
    if recipe.checkpoint == "val_accuracy" and most_accurate_epoch(rows) == epoch:
        new[MOST_ACCURATE] = weights()
    averaged = epoch - (recipe.epochs - averaged_epochs(recipe))
    if averaged > 0:
        new[MEAN] = mean_with(kept.get(MEAN, ()), weights(), averaged)
    return {**kept, **new}
