"""`compare`: whether one run beats another on the test pictures, and which of these they differ on."""

import json
from collections.abc import Sequence
from pathlib import Path

from datasets.errors import UserError
from models.evaluation.comparison import compare
from models.recipes.named import recipe_names
from pipeline.engine import settings
from pipeline.engine.results import LATEST
from pipeline.stages.evaluation import EvaluateModel
from pipeline.terminal.arguments import check_arguments, named_task
from pipeline.terminal.comparison_in_words import Side, comparison_in_words, flips_in_words
from pipeline.terminal.find_result import find_result
from pipeline.terminal.lookup_arguments import luigi_command, read_question
from pipeline.terminal.user_csv import own_place, write_table
from reports.words import printable

HEADER = ("path", "class", "first", "second", "right")


def run(arguments: Sequence[str]) -> int:
    """Print who is better, if it can be told, and the first pictures that flipped; write all of these."""
    asked = read_question("compare", arguments, "EvaluateModel", ("A", "B"), "flips.csv")
    if given := {word.partition("=")[0] for word in asked.words} & {"--recipe", "--EvaluateModel-recipe"}:
        raise UserError(f"compare takes its two recipes without {given.pop()}, as in `python -m pipeline compare A B`")
    check_arguments(["EvaluateModel", *asked.words])  # where two folders are compared, nothing else reads them
    table = own_place(asked.table, HEADER)
    first, second = (_find(name, asked.words) for name in asked.operands)
    comparison = compare(first.evaluate_dir, second.evaluate_dir)
    rows = [(*flip, "first" if flip.right_in_first else "second") for flip in comparison.flips]
    write_table(table, HEADER, rows)
    lines = [*comparison_in_words(first, second, comparison), *flips_in_words(first, second, comparison)]
    print("\n".join([*lines, f"  written    {table}"]))
    return 0


def _find(name: str, words: Sequence[str]) -> Side:
    """A recipe's evaluation, or the one in a folder."""
    if name not in recipe_names(settings.sections("recipe")) and Path(name).is_dir():
        if not all((Path(name) / table).is_file() for table in ("predictions.csv", "per_class.csv")):
            raise UserError(f"{name} holds no evaluation: name a recipe, or the folder of an evaluation's result")
        return Side(printable(name), Path(name))
    with named_task(["EvaluateModel", *words, "--recipe", name]) as evaluation:
        command, found = luigi_command("EvaluateModel", [*words, "--recipe", name]), find_result(evaluation)
        if not found:
            raise UserError(f"{name} was not evaluated on {evaluation.dataset} yet; {command} does")
        return Side(name, found.folder, "" if found.is_current else command, _accuracies(evaluation))


def _accuracies(evaluation: EvaluateModel) -> list[float]:
    """Of the recipe's every seed whose evaluation is current."""
    dataset, recipe = evaluation.dataset, evaluation.recipe
    repeats = (evaluation.home / LATEST / "runs" / recipe / "repeats").glob("*")
    numbers = [0, *sorted(int(repeat.name) for repeat in repeats)]
    stages = [EvaluateModel(dataset=dataset, recipe=recipe, repeat=number) for number in numbers]
    current = [found.folder for stage in stages if (found := find_result(stage)) and found.is_current]
    metrics = [json.loads((folder / "metrics.json").read_text(encoding="utf-8")) for folder in current]
    return [of_seed.get("accuracy_tta", of_seed["accuracy"]) for of_seed in metrics]
