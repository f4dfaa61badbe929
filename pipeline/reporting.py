"""From runs to what a person looks at. The work is in `reports`."""

import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from models.recipes.recipe import fields_that_matter
from pipeline import settings
from pipeline.audit import AuditLabels
from pipeline.batch import ShowBatch
from pipeline.data import FindDuplicates, IndexImages, PackImages, SplitImages
from pipeline.evaluation import EvaluateModel
from pipeline.parameters import ChoiceParameter, CountParameter, RecipesParameter
from pipeline.stage import Input, Stage
from pipeline.trace import read_trace
from pipeline.training import MOST_SEEDS, RunStage, TrainModel


class PlotRun(RunStage):
    """Draw a run's curves, its confusion matrix, and a batch of its pictures."""

    modules = ("reports.plots", "reports.batch")
    part = "plots"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "train": Input(self.same_run(TrainModel), ("history.csv",)),
            "evaluate": Input(self.same_run(EvaluateModel), ("confusion.csv",)),
            "batch": Input(self.same_run(ShowBatch)),
            "pack": Input(PackImages(dataset=self.dataset), ("classes.txt",)),
        }

    def decisive(self) -> dict[str, Any]:
        return {"title": self.recipe}

    def build(self, folder: Path) -> None:
        from reports.batch import draw_batch
        from reports.plots import draw_run

        history_csv, confusion_csv = self.source("train") / "history.csv", self.source("evaluate") / "confusion.csv"
        draw_run(history_csv, confusion_csv, folder, title=self.recipe)
        draw_batch(self.source("batch") / "batch.npz", self.source("pack"), folder / "batch.png", title=self.recipe)


class FullReport(Stage):
    """Everything on one page: the data, every run, and how all of it was made."""

    recipes = RecipesParameter(default=("plain", "dropout", "augmented"), description="recipes, comma-separated")

    seeds = CountParameter(1, MOST_SEEDS, 1, description="how often each recipe is trained, each time from a new seed")

    audit = ChoiceParameter(
        "auto",
        "true",
        "false",
        description="look for wrong labels, which trains a model a fold; auto does for the sample alone",
    )

    modules = ("reports.page",)
    place = "report"

    def data_files(self) -> Iterable[Path]:
        import reports

        return (Path(reports.__path__[0]) / "templates").iterdir()

    def inputs(self) -> Mapping[str, Input]:
        stages: dict[str, Stage] = {
            "index": IndexImages(dataset=self.dataset),
            "duplicates": FindDuplicates(dataset=self.dataset),
            "split": SplitImages(dataset=self.dataset),
            "pack": PackImages(dataset=self.dataset),
        }
        if self.audits:
            stages["audit"] = AuditLabels(dataset=self.dataset)
        for recipe in self.recipes:
            stages[f"{recipe} train"] = self._train(recipe)
            stages[f"{recipe} evaluate"] = EvaluateModel(dataset=self.dataset, recipe=recipe, repeat=0)
            stages[f"{recipe} plots"] = PlotRun(dataset=self.dataset, recipe=recipe, repeat=0)
            for repeat in range(1, self.seeds):
                again = EvaluateModel(dataset=self.dataset, recipe=recipe, repeat=repeat)
                stages[f"{recipe} evaluate {repeat}"] = again
        return {name: Input(stage) for name, stage in stages.items()}

    def input_digests(self) -> dict[str, str] | None:
        """The keys of what it reads, since the page shows how each was made."""
        if super().input_digests() is None:
            return None
        return {name: result.key for name, (stage, _) in self.inputs().items() if (result := stage.result())}

    def decisive(self) -> dict[str, Any]:
        recipes = {recipe: fields_that_matter(self._train(recipe).resolved) for recipe in self.recipes}
        return {"recipes": recipes, "seeds": self.seeds}

    def check(self) -> None:
        for recipe in self.recipes:
            self._train(recipe).check()
        if self.audits:
            AuditLabels(dataset=self.dataset).check()

    @property
    def audits(self) -> bool:
        """Whether wrong labels are looked for."""
        of_sample = settings.dataset(self.dataset).source == "sample"
        return bool(self.audit == "true" or (self.audit == "auto" and of_sample))

    def _train(self, recipe: str) -> TrainModel:
        return TrainModel(dataset=self.dataset, recipe=recipe, repeat=0)

    def build(self, folder: Path) -> None:
        from reports.content import Page, Run
        from reports.page import write_page

        runs = tuple(
            Run(
                name=recipe,
                parameters=fields_that_matter(self._train(recipe).resolved),
                train_dir=self.source(f"{recipe} train"),
                evaluate_dir=self.source(f"{recipe} evaluate"),
                plots_dir=self.source(f"{recipe} plots"),
                repeat_dirs=tuple(self.source(f"{recipe} evaluate {repeat}") for repeat in range(1, self.seeds)),
            )
            for recipe in self.recipes
        )
        page = Page(
            dataset=self.dataset,
            command=shlex.join(["luigi", *sys.argv[1:]]),
            index_dir=self.source("index"),
            split_csv=self.source("split") / "split.csv",
            duplicates_dir=self.source("duplicates"),
            joined_csv=self.source("split") / "joined.csv",
            pack_dir=self.source("pack"),
            runs=runs,
            stages=tuple(read_trace(self.source(name)) for name in self.inputs()),
            validated_on="val" if settings.dataset(self.dataset).val_fraction else "test",
            suspects_csv=self.source("audit") / "suspects.csv" if self.audits else None,
        )
        write_page(folder / "report.html", page)
