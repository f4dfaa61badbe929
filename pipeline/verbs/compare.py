"""Says whether one recipe beats another on the test pictures, and which of these they differ on."""

import json
from collections.abc import Sequence
from pathlib import Path

from datasets.errors import UserError
from models.evaluation.comparison import compare
from models.recipes.lookup import recipe_names
from pipeline.engine import settings
from pipeline.engine.results import LATEST
from pipeline.stages.runs import EvaluateModel
from pipeline.terminal.comparison_in_words import Side, comparison_in_words, flips_in_words
from pipeline.terminal.find_result import find_result, find_result_or_refuse
from pipeline.terminal.luigi_arguments import check_arguments
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
from reports.words import printable

VERB = Verb(
    "compare",
    "say whether one recipe beats another, and which test pictures they differ on",
    example="compare plain augmented",
    operands=Operands("A B", "two recipes, or folders of results of EvaluateModel", least=2, most=2),
    options=(
        TASK_DATASET,
        VerbOption("--output", "FILE.csv", "the table to write, flips.csv by default", Path, Path("flips.csv")),
        WORKSPACE,
    ),
    task="EvaluateModel",
)
HEADER = ("path", "class", "first", "second", "right")


def run(arguments: Sequence[str]) -> int:
    """Prints which is better, if that can be told, and the first pictures they differ on; writes the table of all."""
    given = read_arguments(VERB, arguments)
    words: list[str] = given.luigi_words
    if recipe := {word.partition("=")[0] for word in words} & {"--recipe", "--EvaluateModel-recipe"}:
        raise UserError(f"compare takes its two recipes without {recipe.pop()}, as in `python -m pipeline compare A B`")
    check_arguments(["EvaluateModel", *words])  # where two folders are compared, nothing else reads them
    check_user_csv(given.output, HEADER)
    first, second = (_find(name, words) for name in given.operands)
    comparison = compare(first.evaluate_dir, second.evaluate_dir)
    rows = [(*flip, "first" if flip.right_in_first else "second") for flip in comparison.flips]
    write_user_csv(given.output, HEADER, rows)
    lines = [*comparison_in_words(first, second, comparison), *flips_in_words(first, second, comparison)]
    print("\n".join([*lines, f"  written    {given.output}"]))
    return 0


def _find(name: str, words: Sequence[str]) -> Side:
    """Returns the evaluation of a recipe, or the one in a folder."""
    if name not in recipe_names(settings.sections("recipe")) and Path(name).is_dir():
        if not all((Path(name) / table).is_file() for table in ("predictions.csv", "per_class.csv")):
            raise UserError(f"{name} holds no evaluation: name a recipe, or the folder of an evaluation's result")
        return Side(printable(name), Path(name))
    words = [*words, "--recipe", name]
    with named_task(["EvaluateModel", *words]) as evaluation:
        command = luigi_command("EvaluateModel", words)
        found = find_result_or_refuse(evaluation, f"{name} has not been evaluated on {evaluation.dataset}", command)
        return Side(name, found.folder, "" if found.is_current else command, _accuracies(evaluation))


def _accuracies(evaluation: EvaluateModel) -> list[float]:
    """Returns the accuracy of every seed of the recipe whose evaluation is current."""
    dataset, recipe = evaluation.dataset, evaluation.recipe
    repeats = (evaluation.home / LATEST / "runs" / recipe / "repeats").glob("*")
    numbers = [0, *sorted(int(repeat.name) for repeat in repeats)]
    stages = [EvaluateModel(dataset=dataset, recipe=recipe, repeat=number) for number in numbers]
    current = [found.folder for stage in stages if (found := find_result(stage)) and found.is_current]
    metrics = [json.loads((folder / "metrics.json").read_text(encoding="utf-8")) for folder in current]
    return [of_seed.get("accuracy_tta", of_seed["accuracy"]) for of_seed in metrics]
