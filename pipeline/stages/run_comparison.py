"""The stage that compares several runs. The work is in `reports` and `models`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engine.parameters import CountParameter, RecipesParameter
from pipeline.engine.stage import Input, Stage
from pipeline.stages.runs import EvaluateModel
from pipeline.stages.training import MOST_SEEDS, TrainModel

if TYPE_CHECKING:
    from reports.facts.compared_runs import ComparedRun


class StageOfRuns(Stage):
    """A stage that reads several runs, each perhaps from several seeds."""

    recipes = RecipesParameter(default=("plain", "dropout", "augmented"), description="recipes, comma-separated")

    seeds = CountParameter(1, MOST_SEEDS, 1, description="how often each recipe is trained, each time from a new seed")

    def trainings_and_evaluations(self) -> dict[str, Stage]:
        """Returns the stages that train and measure every run, each by a name of its own."""
        stages: dict[str, Stage] = {}
        for recipe in self.recipes:
            stages[f"{recipe} train"] = self.train(recipe)
            stages[f"{recipe} evaluate"] = EvaluateModel(dataset=self.dataset, recipe=recipe, repeat=0)
            for repeat in range(1, self.seeds):
                again = EvaluateModel(dataset=self.dataset, recipe=recipe, repeat=repeat)
                stages[f"{recipe} evaluate {repeat}"] = again
        return stages

    def train(self, recipe: str) -> TrainModel:
        """Returns the first training of a recipe."""
        return TrainModel(dataset=self.dataset, recipe=recipe, repeat=0)

    def repeat_dirs(self, recipe: str) -> tuple[Path, ...]:
        """Returns the folders in which the further seeds of a recipe are measured."""
        return tuple(self.source(f"{recipe} evaluate {repeat}") for repeat in range(1, self.seeds))

    def check(self) -> None:
        for recipe in self.recipes:
            self.train(recipe).check()

    def input_digests(self) -> dict[str, str] | None:
        """Returns the keys of the inputs, since this stage shows seconds, which are in no digest."""
        if super().input_digests() is None:
            return None
        return {name: result.key for name, (stage, _) in self.inputs().items() if (result := stage.result())}


class CompareRuns(StageOfRuns):
    """Compares all runs in tables and plots, and finds the pictures that every run names wrong."""

    handed_down = ("dataset", "recipes", "seeds")
    result_path = "comparison"
    unkeyed_files = ("runs.csv", "seeds.csv", "accuracy_by_seconds.png")

    def inputs(self) -> Mapping[str, Input]:
        return {name: Input(stage) for name, stage in self.trainings_and_evaluations().items()}

    def key_parameters(self) -> dict[str, Any]:
        return {"recipes": list(self.recipes), **self.chosen("seeds")}

    def build(self, folder: Path) -> None:
        from reports.facts.compared_runs import (
            ComparedRun,
            comparable,
            rank,
            write_always_wrong,
            write_runs,
            write_seeds,
        )

        runs = [
            ComparedRun(
                name=recipe,
                predicts_superclasses=self.train(recipe).resolved.predict == "coarse",
                train_dir=self.source(f"{recipe} train"),
                evaluate_dir=self.source(f"{recipe} evaluate"),
                repeat_dirs=self.repeat_dirs(recipe),
            )
            for recipe in self.recipes
        ]
        write_runs(runs, folder / "runs.csv")
        if self.seeds > 1:
            write_seeds(runs, folder / "seeds.csv")
        if len(runs) > 1:
            _draw(rank(runs), folder)
        if len(contenders := comparable(runs)) > 1:
            write_always_wrong(contenders, folder / "always_wrong.csv")
            _compare(contenders[0], contenders[1], folder / "comparison.json")


def _draw(runs: Sequence[ComparedRun], folder: Path) -> None:
    from reports.drawing.overlay import draw_overlay
    from reports.drawing.trade_off import PricedRun, draw_trade_off

    draw_overlay([(run.name, run.val_accuracies, run.predicts_superclasses) for run in runs], folder / "curves.png")
    for name, cost, costs in (
        ("seconds", "seconds of training", [run.train_seconds for run in runs]),
        ("parameters", "parameters", [run.training["parameters"] for run in runs]),
    ):
        priced = [
            PricedRun(run.name, price, *run.accuracy, run.predicts_superclasses)
            for run, price in zip(runs, costs, strict=True)
        ]
        draw_trade_off(priced, cost, folder / f"accuracy_by_{name}.png")


def _compare(first: ComparedRun, second: ComparedRun, comparison_json: Path) -> None:
    """Writes how the best run compares with the runner-up: the models of their first seeds, and all seeds."""
    from models.evaluation.comparison import SIGNIFICANT, compare, compare_runs_of_seeds

    comparison = compare(first.evaluate_dir, second.evaluate_dir)
    low, high = comparison.interval
    said = {
        "best": first.name,
        "runner_up": second.name,
        "picture_count": comparison.picture_count,
        "only_best": comparison.only_first,
        "only_runner_up": comparison.only_second,
        "difference": comparison.difference,
        "difference_low": low,
        "difference_high": high,
        "p_value": comparison.p_value,
        "is_significant": comparison.p_value < SIGNIFICANT,
    }
    if first.repeat_dirs and second.repeat_dirs:
        dirs = [(run.evaluate_dir, *run.repeat_dirs) for run in (second, first)]
        over_seeds = compare_runs_of_seeds(*dirs)
        said["over_seeds"] = {**over_seeds._asdict(), "is_significant": over_seeds.is_more_than_chance}
    comparison_json.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
