"""Finds the trained recipe to take where none is named: the one with the best accuracy on the validation pictures.

The test pictures choose nothing: an accuracy on pictures that chose the model would be too high.
"""

import csv
from typing import NamedTuple

from datasets.errors import UserError
from models.recipes.lookup import recipe_names
from models.training.history import EpochRow, best_epoch
from pipeline.engine import settings
from pipeline.engine.results import LATEST
from pipeline.stages.training import TrainModel
from pipeline.terminal.find_result import Found, find_result
from pipeline.terminal.suggested_commands import report_command
from reports.words import percent

SHOWN = 5


class Candidate(NamedTuple):
    """A trained recipe, and the last row of its history that its weights are of."""

    training: TrainModel
    found: Found
    epoch: EpochRow


def best_recipe(asked: TrainModel, is_asked_for: bool) -> tuple[str, str]:
    """Returns the recipe that validates best, and the reason in words; `asked` says the data set and the settings."""
    candidates = _candidates(asked, is_asked_for)
    if not candidates:
        command = report_command(asked.dataset)
        raise UserError(f"no recipe has been trained on {asked.dataset} yet. {command} trains some")
    if len(candidates) == 1:
        return candidates[0].training.recipe, "the only recipe that is trained"
    if asked.validation == "test":
        names = ", ".join(one.training.recipe for one in candidates)
        raise UserError(
            f"name a recipe with --recipe, out of {names}: {asked.dataset} has no validation pictures to choose by"
        )
    ranked = sorted(candidates, key=lambda one: (-one.epoch.val_accuracy, one.epoch.val_loss))
    others = [f"{one.training.recipe} {percent(one.epoch.val_accuracy)}" for one in ranked[1:]]
    more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
    best = percent(ranked[0].epoch.val_accuracy)
    return ranked[0].training.recipe, f"best on the validation pictures: {best}; {', '.join(others[:SHOWN])}{more}"


def _candidates(asked: TrainModel, is_asked_for: bool) -> list[Candidate]:
    """Returns the recipes that are trained for today's pictures, or else those that were trained for others."""
    runs = asked.home / LATEST / "runs"
    names = sorted(set(recipe_names(settings.sections("recipe"))) & {folder.name for folder in runs.glob("*")})
    trained = []
    for training in [TrainModel(**(asked.param_kwargs | {"recipe": name})) for name in names]:
        if found := find_result(training, is_asked_for):
            trained.append(Candidate(training, found, _tested_epoch(training, found)))
    trained = [one for one in trained if one.found.is_current] or trained
    return [one for one in trained if one.training.resolved.predict != "coarse"] or trained


def _tested_epoch(training: TrainModel, found: Found) -> EpochRow:
    with (found.folder / "history.csv").open(newline="", encoding="utf-8") as lines:
        rows = [EpochRow(int(epoch), *map(float, values)) for epoch, *values in list(csv.reader(lines))[1:]]
    return rows[best_epoch(rows) - 1] if training.resolved.stop_patience else rows[-1]
