"""`predict`: what a trained model takes pictures for that have no label; a row a file in a table of the user's."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from datasets.errors import UserError
from datasets.progress import progress
from datasets.unlabelled import list_files
from models.evaluation.predicted_files import PredictedFile, predict_files
from models.evaluation.run_classes import read_run_classes
from pipeline.engine.results import LATEST
from pipeline.stages.training import TrainModel
from pipeline.terminal.arguments import named_task
from pipeline.terminal.find_result import find_result
from pipeline.terminal.lookup_arguments import luigi_command, read_question
from pipeline.terminal.user_csv import own_place, write_table
from reports.words import percent, printable

HEADER = ("path", "predicted", "probability")
SHOWN = 20


class Trained(NamedTuple):
    """The model that is asked, and how it wants its pictures."""

    model_path: Path
    classes: Sequence[str]
    side_pixels: int
    fit: str
    tta: str
    description: Sequence[str]


def run(arguments: Sequence[str]) -> int:
    """Print the first pictures, and how many there are of each class; write all."""
    asked = read_question("predict", arguments, "TrainModel", ("PICTURE|FOLDER",), "predictions.csv", takes_more=True)
    table = own_place(asked.table, HEADER)
    with named_task(["TrainModel", *asked.words]) as training:
        trained = _find_model(training, luigi_command("TrainModel", asked.words))
    named = _name_all(asked.operands, table, trained)
    write_table(table, [*HEADER, *(f"p_{name}" for name in trained.classes), "reason"], _rows(named, trained.classes))
    print("\n".join([*_in_words(named, trained.classes), "", *trained.description, f"written    {table}"]))
    return 0


def _find_model(training: TrainModel, command: str) -> Trained:
    """The one that was asked for, or else the latest, whatever may have changed since it was trained."""
    recipe, dataset, found = training.recipe, training.dataset, find_result(training)
    if not found:
        raise UserError(f"{recipe} was not trained on {dataset} yet; {command} does")
    train_dir = found.folder
    seed = json.loads((train_dir / "training.json").read_text(encoding="utf-8"))["seed"]
    facts = json.loads((training.home / LATEST / "export" / "source.json").read_text(encoding="utf-8"))
    description = [f"model      {train_dir}  {recipe} on {dataset}, seed {seed}"]
    if not found.is_current:
        description.append(f"stale      the model is of older pictures, settings or code; {command} trains anew")
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
    if not any(not one.reason for one in named):
        among = places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1:,} more"
        raise UserError("\n  ".join([f"{among}: no picture there can be read", *_rejected(named)]))
    return named


def _rows(named: Sequence[PredictedFile], classes: Sequence[str]) -> Iterator[list[Any]]:
    for one in named:
        if one.reason:
            yield [one.path, *[""] * (2 + len(classes)), one.reason]
        else:
            yield [one.path, classes[one.label], one.probabilities[one.label], *one.probabilities, ""]


def _in_words(named: Sequence[PredictedFile], classes: Sequence[str]) -> list[str]:
    usable, rejected = [one for one in named if not one.reason], [one for one in named if one.reason]
    shown = [(printable(one.path), classes[one.label], one.probability) for one in usable[:SHOWN]]
    wide, wide_class = max(len(path) for path, *_ in shown), max(len(name) for _, name, _ in shown)
    lines = [f"{path:<{wide}}  {name:<{wide_class}}  {percent(share):>6}" for path, name, share in shown]
    if len(usable) > SHOWN:
        lines.append(f"and {len(usable) - SHOWN:,} more")
    if len(usable) > 1:
        counts = Counter(classes[one.label] for one in usable).most_common()
        lines += ["", f"{len(usable):,} pictures: {', '.join(f'{count:,} {name}' for name, count in counts)}"]
    return lines + _rejected(rejected)


def _rejected(rejected: Sequence[PredictedFile]) -> list[str]:
    if not rejected:
        return []
    lines = [f"{len(rejected):,} {'file' if len(rejected) == 1 else 'files'} could not be used:"]
    lines += [f"  {printable(path)}: {reason}" for path, _, reason in rejected[:SHOWN]]
    return lines + ([f"  and {len(rejected) - SHOWN:,} more"] if len(rejected) > SHOWN else [])
