"""Predicts the class of pictures that have no label, with a trained model."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from datasets.errors import UserError
from datasets.progress import progress
from datasets.unlabelled import list_files
from models.evaluation.predicted_files import PredictedFile, predict_files
from models.evaluation.run_classes import read_run_classes
from pipeline.engine.results import LATEST
from pipeline.stages.training import TrainModel
from pipeline.terminal.find_result import find_result_or_refuse
from pipeline.terminal.prediction_in_words import prediction_in_words, prediction_rows, unusable_in_words
from pipeline.terminal.suggested_commands import luigi_command
from pipeline.terminal.user_csv import check_user_csv, write_user_csv
from pipeline.terminal.verb_arguments import (
    TASK_DATASET,
    WORKSPACE,
    Operands,
    Verb,
    VerbOption,
    named_task,
    read_arguments,
)

VERB = Verb(
    "predict",
    "name the class of pictures without a label, by a trained recipe",
    example="predict photos/ --recipe plain",
    operands=Operands("PICTURE|FOLDER ...", "pictures, and folders whose pictures are all taken", most=None),
    options=(
        VerbOption("--recipe", "NAME", "the recipe whose model names them", is_luigis=True),
        TASK_DATASET,
        VerbOption(
            "--output", "FILE.csv", "the table to write, predictions.csv by default", Path, Path("predictions.csv")
        ),
        WORKSPACE,
    ),
    task="TrainModel",
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
    check_user_csv(given.output, HEADER)
    with named_task(["TrainModel", *given.luigi_words]) as training:
        trained = _find_model(training, luigi_command("TrainModel", given.luigi_words))
    named = _name_all(given.operands, given.output, trained)
    header = [*HEADER, *(f"p_{name}" for name in trained.classes), "reason"]
    write_user_csv(given.output, header, prediction_rows(named, trained.classes))
    lines = prediction_in_words(named, trained.classes)
    print("\n".join([*lines, "", *trained.description, f"written    {given.output}"]))
    return 0


def _find_model(training: TrainModel, command: str) -> Trained:
    recipe, dataset = training.recipe, training.dataset
    found = find_result_or_refuse(training, f"{recipe} has not been trained on {dataset}", command)
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


def _name_all(places: Sequence[str], table: Path, trained: Trained) -> list[PredictedFile]:
    found = dict.fromkeys(path for place in places for path in list_files(Path(place)))
    files = [path for path in found if Path(path).absolute() != table.absolute()]
    with progress("predicting", len(files), "file" if len(files) == 1 else "files") as advance:
        of_model = (trained.model_path, files, trained.side_pixels, trained.fit, trained.tta)
        named = list(predict_files(*of_model, advance)) if files else []
    if all(one.reason for one in named):
        where = places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1:,} more"
        raise UserError("\n  ".join([f"{where}: no picture there can be read", *unusable_in_words(named)]))
    return named
