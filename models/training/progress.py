"""Shows the user how far a training is, where it continues, and what to watch for; it has no effect on the result.

On a terminal there is a bar, elsewhere a line for each epoch.
"""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from models.recipes.recipe import Recipe

if TYPE_CHECKING:  # a command with nothing to do never needs it
    from models.training.history import EpochRow

Say = Callable[[str], None]

TELLING_SHARE = 0.05  # of the weights of the first step in a moving average


@dataclass(frozen=True)
class Progress:
    """The functions that a training calls as it advances."""

    advance: Callable[[int], None]  # with the number of steps just taken
    end_epoch: Callable[["EpochRow"], None]


def show_progress(recipe: Recipe, steps_per_epoch: int, epochs_done: int, say: Say) -> AbstractContextManager[Progress]:
    """Returns the display of a training, to be used while it runs."""
    if sys.stderr.isatty():
        return _show_bar(recipe, steps_per_epoch, epochs_done)
    return _say_lines(recipe, say)


def tell_resumed(recipe: Recipe, epochs_done: int, say: Say) -> None:
    """Tells that a killed training continues."""
    say(f"{recipe.name}  continues after epoch {epochs_done}")


def tell_unfit_checkpoint(recipe: Recipe, path: Path, reason: object, say: Say) -> None:
    """Tells that a checkpoint is not used, and why."""
    say(f"{recipe.name}  starts again from the first epoch: {path} is not used, because {reason}")


def warn_of_slow_average(recipe: Recipe, step_count: int, say: Say) -> None:
    """Warns if a moving average has so few steps that it keeps much of the weights of the first one."""
    share = recipe.ema ** (step_count - 1) if recipe.ema else 0.0
    if share >= TELLING_SHARE:
        say(
            f"{recipe.name}  ema = {recipe.ema:g} over {step_count:,} steps: the weights of the first step are still "
            f"{share:.0%} of the average that is kept. A lower ema or more epochs make that less"
        )


def warn_of_random_backbone(recipe: Recipe, say: Say) -> None:
    """Warns that the backbone of a recipe has learnt nothing."""
    say(
        f"WARNING: {recipe.name} is built on {recipe.backbone} with RANDOM weights (backbone_weights = none): the "
        "backbone has learnt nothing, and its features are worth little"
    )


@contextmanager
def _say_lines(recipe: Recipe, say: Say) -> Iterator[Progress]:
    began = perf_counter()

    def end_epoch(row: "EpochRow") -> None:
        nonlocal began
        seconds, began = perf_counter() - began, perf_counter()
        figures = [f"loss {row.loss:.3f}", f"accuracy {row.accuracy:.3f}", *_validation_figures(row)]
        say("  ".join([recipe.name, f"epoch {row.epoch}/{recipe.epochs}", *figures, f"{seconds:.1f} s"]))

    yield Progress(advance=lambda steps: None, end_epoch=end_epoch)


@contextmanager
def _show_bar(recipe: Recipe, steps_per_epoch: int, epochs_done: int) -> Iterator[Progress]:
    from tqdm import tqdm

    def name(epoch: int) -> str:
        return f"{recipe.name} {epoch}/{recipe.epochs}"

    with tqdm(
        desc=name(epochs_done),
        total=recipe.epochs * steps_per_epoch,
        initial=epochs_done * steps_per_epoch,
        bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}<{remaining}{postfix}",
        dynamic_ncols=True,
    ) as bar:

        def end_epoch(row: "EpochRow") -> None:
            bar.set_description_str(name(row.epoch), refresh=False)
            bar.set_postfix_str(", ".join(_validation_figures(row)))

        yield Progress(advance=bar.update, end_epoch=end_epoch)


def _validation_figures(row: "EpochRow") -> list[str]:
    if math.isnan(row.val_loss):
        return []
    return [f"val_loss {row.val_loss:.3f}", f"val_accuracy {row.val_accuracy:.3f}"]
