"""Shows how far a training is: a bar where a person watches a terminal, a line an epoch elsewhere."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from time import perf_counter

from models.recipes.recipe import Recipe
from models.training.history import EpochRow


@dataclass(frozen=True)
class Progress:
    advance: Callable[[int], None]  # so many steps more are taken
    end_epoch: Callable[[EpochRow], None]


def show_progress(
    recipe: Recipe, step_count: int, epochs_done: int, say: Callable[[str], None]
) -> AbstractContextManager[Progress]:
    """`step_count` is that of one epoch."""
    if sys.stderr.isatty():
        return _bar(recipe, step_count, epochs_done)
    return _lines(recipe, say)


@contextmanager
def _lines(recipe: Recipe, say: Callable[[str], None]) -> Iterator[Progress]:
    began = perf_counter()

    def end_epoch(row: EpochRow) -> None:
        nonlocal began
        seconds, began = perf_counter() - began, perf_counter()
        learnt = f"loss {row.loss:.3f}  accuracy {row.accuracy:.3f}"
        measured = "".join(f"  {words}" for words in _validation(row))
        say(f"{recipe.name}  epoch {row.epoch}/{recipe.epochs}  {learnt}{measured}  {seconds:.1f} s")

    yield Progress(advance=lambda steps: None, end_epoch=end_epoch)


@contextmanager
def _bar(recipe: Recipe, step_count: int, epochs_done: int) -> Iterator[Progress]:
    from tqdm import tqdm

    def name(epoch: int) -> str:
        return f"{recipe.name} {epoch}/{recipe.epochs}"

    with tqdm(
        desc=name(epochs_done),
        total=recipe.epochs * step_count,
        initial=epochs_done * step_count,
        bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}<{remaining}{postfix}",
        dynamic_ncols=True,
    ) as bar:

        def end_epoch(row: EpochRow) -> None:
            bar.set_description_str(name(row.epoch), refresh=False)
            bar.set_postfix_str(", ".join(_validation(row)))

        yield Progress(advance=bar.update, end_epoch=end_epoch)


def _validation(row: EpochRow) -> list[str]:
    if math.isnan(row.val_loss):
        return []
    return [f"val_loss {row.val_loss:.3f}", f"val_accuracy {row.val_accuracy:.3f}"]
