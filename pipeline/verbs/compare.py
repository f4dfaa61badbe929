"""Says whether one run beats another on the test pictures, and which of these they differ on."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from datasets.errors import UserError, unknown
from models.evaluation.comparison import compare
from models.recipes.lookup import recipe_names
from pipeline.engine import invocation, settings
from pipeline.engine.parameters import OverrideParameter
from pipeline.engine.results import LATEST
from pipeline.stages.runs import EvaluateModel
from pipeline.stages.training import TrainModel
from pipeline.terminal.comparison_in_words import Side, comparison_in_words, flips_in_words
from pipeline.terminal.find_result import find_result, find_result_or_refuse
from pipeline.terminal.luigi_arguments import check_arguments
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
from reports.words import percent, printable

TABLE = "flips.csv"
VERB = Verb(
    "compare",
    "say whether one run beats another, and which test pictures they differ on",
    example="compare plain plain:epochs=4",
    operands=Operands(
        "A B",
        "two runs: a recipe means the run that was trained last; RECIPE:OPTION=VALUE, with commas between several, the "
        "one that was trained so; the folder of an evaluation's result, that one",
        least=2,
        most=2,
    ),
    options=(
        TASK_DATASET,
        REPEAT,
        VerbOption("--output", "FILE.csv", f"the table to write; without it {TABLE}, or flips-2.csv and so on", Path),
        WORKSPACE,
    ),
    task="EvaluateModel",
    not_options=("recipe",),
    notes="Options of TrainModel here ask for the runs of both recipes that were trained so.\n\n",
)
HEADER = ("path", "class", "first", "second", "right")


def run(arguments: Sequence[str]) -> int:
    """Prints which is better, if that can be told, and the first pictures they differ on; writes the table of all."""
    given = read_arguments(VERB, arguments)
    check_arguments(["EvaluateModel", *given.luigi_words])  # where two folders are compared, nothing else reads them
    check_user_csv(given.output, TABLE)
    first, second = (_find(name, given) for name in given.operands)
    if first.evaluate_dir.resolve() == second.evaluate_dir.resolve():
        raise UserError(_same_run_in_words(first, second))
    comparison = compare(first.evaluate_dir, second.evaluate_dir)
    rows = [(*flip, "first" if flip.right_in_first else "second") for flip in comparison.flips]
    written, note = write_user_csv(given.output, TABLE, HEADER, rows)
    lines = [*comparison_in_words(first, second, comparison), *flips_in_words(first, second, comparison)]
    print("\n".join([*lines, f"  written    {written}{note}"]))
    return 0


def _find(name: str, given: argparse.Namespace) -> Side:
    """Returns the evaluation that an operand names: by a recipe, by a recipe with settings, or by its folder."""
    recipe, colon, options = name.partition(":")
    if recipe not in recipe_names(settings.sections("recipe")) and Path(name).is_dir():
        if not _is_evaluation(Path(name)):
            raise UserError(f"{name} holds no evaluation: name a recipe, or the folder of an evaluation's result")
        return Side(printable(name), Path(name), _made_by(Path(name)))
    words = [*given.luigi_words, "--recipe", recipe, *(_words_of(name, options) if colon else [])]
    with invocation.separate(), task_of(["EvaluateModel", *words]) as evaluation:  # the other has its own settings
        command, is_asked_for = task_command("EvaluateModel", words), bool(colon) or given.asks_for_settings
        missing = f"{name} has not been evaluated on {evaluation.dataset}"
        found = find_result_or_refuse(evaluation, is_asked_for, missing, command)
        made_by = _made_by(found.folder)
        if not found.is_current:
            return Side(name, found.folder, made_by, rerun=command)
        return Side(name, found.folder, made_by, of_seeds=_accuracies(evaluation))


def _words_of(name: str, options: str) -> list[str]:
    """Returns the words by which Luigi takes the settings of an operand such as `plain:epochs=4,seed=1`."""
    known = [option for option, parameter in TrainModel.get_params() if isinstance(parameter, OverrideParameter)]
    words = []
    for pair in options.split(","):
        option, equals, value = (part.strip() for part in pair.partition("="))
        if option not in known:
            raise UserError(f"{name}: {unknown('option', option, known)}")
        if not equals or not value:
            raise UserError(f"{name}: say which {option}, as in {name.partition(':')[0]}:{option}=4")
        words.append(f"--TrainModel-{option.replace('_', '-')}={value}")
    return words


def _is_evaluation(folder: Path) -> bool:
    return all((folder / table).is_file() for table in ("predictions.csv", "per_class.csv"))


def _made_by(folder: Path) -> str:
    """Returns the epochs and the seed of the model that an evaluation is of, where it says so."""
    try:
        metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    except OSError:
        return ""
    return f"{metrics['epochs']:,} epoch{'s' if metrics['epochs'] != 1 else ''}, seed {metrics['seed']}"


def _accuracies(evaluation: EvaluateModel) -> list[float]:
    """Returns the accuracy of every seed of the recipe, all of the same settings and of today's pictures."""
    dataset, recipe = evaluation.dataset, evaluation.recipe
    repeats = (evaluation.home / LATEST / "runs" / recipe / "repeats").glob("*")
    numbers = [0, *sorted(int(repeat.name) for repeat in repeats)]
    stages = [EvaluateModel(dataset=dataset, recipe=recipe, repeat=number) for number in numbers]
    folders = [found.folder for stage in stages if (found := find_result(stage, is_asked_for=True))]
    metrics = [json.loads((folder / "metrics.json").read_text(encoding="utf-8")) for folder in folders]
    return [of_seed.get("accuracy_tta", of_seed["accuracy"]) for of_seed in metrics]


def _same_run_in_words(first: Side, second: Side) -> str:
    """Returns why one run cannot be compared with itself, and the other runs beside it."""
    folder = first.evaluate_dir.resolve()
    lines = [f"{first.name} and {second.name} are the same run, {first.evaluate_dir}"]
    others = [other for other in sorted(folder.parent.glob("[!.]*")) if other != folder and _is_evaluation(other)]
    if others:
        lines.append("the others of this recipe are")
    for other in others:
        accuracy = json.loads((other / "metrics.json").read_text(encoding="utf-8"))["accuracy"]
        lines.append(f"  {first.evaluate_dir.with_name(other.name)}  {_made_by(other)}, accuracy {percent(accuracy)}")
    return "\n".join(lines)
