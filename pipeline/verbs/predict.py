"""Predicts the class of pictures that have no label, with a trained model."""

import csv
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from datasets.errors import UserError
from datasets.progress import progress
from datasets.unlabelled import list_files
from models.evaluation.predicted_files import PredictedFile, predict_files
from models.evaluation.run_classes import read_run_classes
from pipeline.engine.results import LATEST
from pipeline.stages.training import TrainModel
from pipeline.terminal.best_recipe import best_recipe
from pipeline.terminal.find_result import find_result_or_refuse
from pipeline.terminal.prediction_in_words import prediction_in_words, prediction_rows, unusable_in_words
from pipeline.terminal.suggested_commands import task_command
from pipeline.terminal.user_csv import check_user_csv, write_user_csv
from pipeline.terminal.verb_arguments import (
    REPEAT,
    TASK_DATASET,
    WORKSPACE,
    Operands,
    Verb,
    VerbOption,
    read_arguments,
    task_of,
)

TABLE = "predictions.csv"
VERB = Verb(
    "predict",
    "name the class of pictures without a label, by a trained recipe",
    example="predict photos/ --recipe plain",
    operands=Operands("PICTURE|FOLDER ...", "pictures, and folders whose pictures are all taken", most=None),
    options=(
        VerbOption(
            "--recipe",
            "NAME",
            "the recipe whose model names them; without it, the one with the best accuracy on the validation pictures",
            is_luigis=True,
        ),
        TASK_DATASET,
        REPEAT,
        VerbOption(
            "--output", "FILE.csv", f"the table to write; without it {TABLE}, or {TABLE[:-4]}-2.csv and so on", Path
        ),
        WORKSPACE,
    ),
    task="TrainModel",
    notes="The model is the one that was trained last. Options of TrainModel ask for the one that was trained so.\n\n",
)
HEADER = ("path", "predicted", "probability")


class Trained(NamedTuple):
    """A trained model, its classes, and the pictures it takes."""

    model_path: Path
    classes: Sequence[str]
    side_pixels: int
    fit: str
    tta: str
    description: Sequence[str]


def run(arguments: Sequence[str]) -> int:
    """Prints the first pictures and the count of each class, and writes the table of all."""
    given = read_arguments(VERB, arguments)
    check_user_csv(given.output, TABLE)
    trained = _find_model(given.luigi_words, given.asks_for_settings)
    named = _name_all(given.operands, trained)
    header = [*HEADER, *(f"p_{name}" for name in trained.classes), "reason"]
    written, note = write_user_csv(given.output, TABLE, header, prediction_rows(named, trained.classes))
    lines = prediction_in_words(named, trained.classes)
    print("\n".join([*lines, "", *trained.description, f"written    {written}{note}"]))
    return 0


def _find_model(words: Sequence[str], asks_for_settings: bool) -> Trained:
    """Returns the model of the recipe that is named, or of the best one."""
    chosen: list[str] = []
    if not {"--recipe", "--TrainModel-recipe"} & {word.partition("=")[0] for word in words}:
        with task_of(["TrainModel", *words]) as training:
            recipe, reason = best_recipe(training, asks_for_settings)
        words, chosen = [*words, "--recipe", recipe], [f"recipe     {recipe}, {reason}. --recipe NAME takes another"]
    with task_of(["TrainModel", *words]) as training:
        trained = _trained(training, asks_for_settings, task_command("TrainModel", words))
    return trained._replace(description=[*chosen, *trained.description])


def _trained(training: TrainModel, asks_for_settings: bool, command: str) -> Trained:
    recipe, dataset = training.recipe, training.dataset
    found = find_result_or_refuse(training, asks_for_settings, f"{recipe} has not been trained on {dataset}", command)
    train_dir = found.folder
    seed = json.loads((train_dir / "training.json").read_text(encoding="utf-8"))["seed"]
    facts = json.loads((training.home / LATEST / "export" / "source.json").read_text(encoding="utf-8"))
    description = [f"model      {train_dir}  {recipe} on {dataset}, seed {seed}"]
    if not found.is_current:
        description.append(
            f"stale      the model was trained on older pictures, settings or code; {command} trains it again"
        )
    return Trained(
        train_dir / "model.keras",
        read_run_classes(train_dir).predicted,
        facts["height"],
        facts.get("fit", "crop"),
        training.resolved.tta,
        description,
    )


def _name_all(places: Sequence[str], trained: Trained) -> list[PredictedFile]:
    found = dict.fromkeys(path for place in places for path in list_files(Path(place)))
    files = [path for path in found if not _is_table_of_ours(Path(path))]
    with progress("predicting", len(files), "file" if len(files) == 1 else "files") as advance:
        of_model = (trained.model_path, files, trained.side_pixels, trained.fit, trained.tta)
        named = list(predict_files(*of_model, advance)) if files else []
    if all(one.reason for one in named):
        where = places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1:,} more"
        raise UserError("\n  ".join([f"{where}: no picture there can be read", *unusable_in_words(named)]))
    return named


def _is_table_of_ours(path: Path) -> bool:
    """Returns whether a file among the pictures is a table that this verb wrote before."""
    if path.suffix != ".csv" or not path.is_file():
        return False
    with suppress(OSError, csv.Error), path.open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        return next(csv.reader(lines), [])[: len(HEADER)] == list(HEADER)
    return False
