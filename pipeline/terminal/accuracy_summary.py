"""Says how accurate each recipe is, from the metrics of its evaluations."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.engine.stage import Stage
from pipeline.stages.runs import EvaluateModel
from pipeline.stages.training import TrainModel
from reports.spread import spreads


def accuracies_in_words(stages: Iterable[Stage]) -> list[str]:
    """Returns a line for each recipe that is evaluated, the most accurate first."""
    of_recipes: dict[str, list[dict[str, Any]]] = {}
    for stage in stages:
        if isinstance(stage, EvaluateModel) and stage.complete() and (result := stage.result()):
            metrics = json.loads((result.folder / "metrics.json").read_text(encoding="utf-8"))
            is_coarse = stage.same_run(TrainModel).resolved.predict == "coarse"
            of_recipes.setdefault(f"{stage.recipe}{', superclasses' if is_coarse else ''}", []).append(metrics)
    lines = [
        _over_seeds(recipe, of_seeds) if len(of_seeds) > 1 else _of_one(recipe, of_seeds[0])
        for recipe, of_seeds in of_recipes.items()
    ]
    return sorted(lines, reverse=True)


def _of_one(recipe: str, metrics: Mapping[str, Any]) -> str:
    low, high = metrics["accuracy_low"], metrics["accuracy_high"]
    return (
        f"{metrics['accuracy']:6.1%}  {recipe}  (95 % interval {low:.1%} to {high:.1%}, {_with_views(metrics)}"
        f"{_without_duplicates(metrics)}"
        f"{metrics['test_count']:,} test pictures, {metrics['train_seconds']:.0f} s of training)"
    )


def _over_seeds(recipe: str, of_seeds: Sequence[Mapping[str, Any]]) -> str:
    spread = spreads(of_seeds)
    accuracy, means = spread["accuracy"], {name: values.mean for name, values in spread.items()}
    return (
        f"{accuracy.mean:6.1%}  {recipe}  (mean of {len(of_seeds)} seeds, standard deviation "
        f"{100 * accuracy.deviation:.1f} points, {accuracy.lowest:.1%} to {accuracy.highest:.1%}, {_with_views(means)}"
        f"{of_seeds[0]['test_count']:,} test pictures, {spread['train_seconds'].mean:.0f} s of training each)"
    )


def _with_views(metrics: Mapping[str, Any]) -> str:
    averaged = metrics.get("accuracy_tta")
    return "" if averaged is None else f"{averaged:.1%} averaged over views, "


def _without_duplicates(metrics: Mapping[str, Any]) -> str:
    accuracy, count = metrics["accuracy_without_duplicates"], metrics["duplicate_count"]
    if not count:
        return ""
    if accuracy is None:
        return "each of them has a near-duplicate outside the test set, "
    which = "1 that has" if count == 1 else f"{count:,} that have"
    return f"{accuracy:.1%} without the {which} a near-duplicate outside the test set, "
