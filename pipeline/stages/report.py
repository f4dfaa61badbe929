"""From runs to what a person looks at. The work is in `reports`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.recipes.keys import key_options, shown_options
from pipeline.engine import settings
from pipeline.engine.parameters import ChoiceParameter, CountParameter
from pipeline.engine.stage import Input, Stage
from pipeline.stages import report_history
from pipeline.stages.audit import AuditLabels
from pipeline.stages.batch import ShowBatch
from pipeline.stages.data import FindDuplicates, IndexImages, PackImages, SplitImages
from pipeline.stages.description import DescribeData
from pipeline.stages.evaluation import EvaluateModel
from pipeline.stages.explanation import ExplainModel
from pipeline.stages.provenance import command_of, made_below
from pipeline.stages.run_comparison import CompareRuns, StageOfRuns
from pipeline.stages.training import RunStage, TrainModel


class PlotRun(RunStage):
    """Draw a run's curves, its confusion matrix, how far to believe it, a batch of its pictures, and what it sees."""

    part = "plots"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "train": Input(self.same_run(TrainModel), ("history.csv",)),
            "evaluate": Input(self.same_run(EvaluateModel), ("confusion.csv", "calibration.csv", "metrics.json")),
            "batch": Input(self.same_run(ShowBatch)),
            "explain": Input(self.same_run(ExplainModel)),
            "pack": Input(PackImages(dataset=self.dataset), ("classes.txt",)),
        }

    def key_parameters(self) -> dict[str, Any]:
        return {"title": self.recipe, "options": key_options(self.same_run(TrainModel).resolved)}

    def build(self, folder: Path) -> None:
        from reports.drawing.batch import draw_batch
        from reports.drawing.channels import draw_channels
        from reports.drawing.confusion import draw_confusion
        from reports.drawing.curves import draw_curves
        from reports.drawing.gradcam import draw_gradcam
        from reports.drawing.reliability import draw_reliability

        options = shown_options(self.same_run(TrainModel).resolved)
        draw_curves(self.source("train") / "history.csv", folder, title=self.recipe, options=options)
        draw_confusion(self.source("evaluate") / "confusion.csv", folder / "confusion.png", title=self.recipe)
        draw_reliability(self.source("evaluate"), folder / "reliability.png", title=self.recipe)
        draw_batch(self.source("batch") / "batch.npz", self.source("pack"), folder / "batch.png", title=self.recipe)
        draw_gradcam(self.source("explain"), folder / "gradcam.png", title=self.recipe)
        draw_channels(self.source("explain"), folder)


class FullReport(StageOfRuns):
    """Everything on one page: the data, every run, and how all of it was made."""

    audit = ChoiceParameter(
        "auto",
        "true",
        "false",
        description="look for wrong labels, which trains a model a fold; auto does for the sample alone",
    )

    mistakes = CountParameter(0, 100, 10, description="how many of each run's worst mistakes are shown")

    result_path = "report"
    unkeyed_files = (
        "report.html",
        "stages.csv",
        report_history.SINCE,
    )  # which tell of dates, seconds and the report before

    def data_files(self) -> Iterable[Path]:
        import reports

        return (file for file in (Path(reports.__path__[0]) / "templates").rglob("*") if file.is_file())

    def inputs(self) -> Mapping[str, Input]:
        stages: dict[str, Stage] = {
            "index": IndexImages(dataset=self.dataset),
            "duplicates": FindDuplicates(dataset=self.dataset),
            "split": SplitImages(dataset=self.dataset),
            "pack": PackImages(dataset=self.dataset),
            "data": DescribeData(dataset=self.dataset),
        }
        if self.audits:
            stages["audit"] = AuditLabels(dataset=self.dataset)
        stages |= self.trainings_and_evaluations()
        stages["comparison"] = CompareRuns(dataset=self.dataset, recipes=self.recipes, seeds=self.seeds)
        for recipe in self.recipes:
            stages[f"{recipe} explain"] = ExplainModel(dataset=self.dataset, recipe=recipe, repeat=0)
            stages[f"{recipe} plots"] = PlotRun(dataset=self.dataset, recipe=recipe, repeat=0)
        return {name: Input(stage) for name, stage in stages.items()}

    def key_parameters(self) -> dict[str, Any]:
        recipes = {recipe: key_options(self.train(recipe).resolved) for recipe in self.recipes}
        return {"recipes": recipes, **self.chosen("seeds", "mistakes")}

    def check(self) -> None:
        super().check()
        if self.audits:
            AuditLabels(dataset=self.dataset).check()

    @property
    def audits(self) -> bool:
        """Whether wrong labels are looked for."""
        of_sample = settings.dataset(self.dataset).source == "sample"
        return bool(self.audit == "true" or (self.audit == "auto" and of_sample))

    def build(self, folder: Path) -> None:
        from reports.content import Page, Run
        from reports.facts.provenance import write_stages
        from reports.facts.report_snapshot import gather_facts
        from reports.model_cards import write_model_cards
        from reports.page import write_page

        runs = tuple(
            Run(
                name=recipe,
                parameters=shown_options(self.train(recipe).resolved),
                train_dir=self.source(f"{recipe} train"),
                evaluate_dir=self.source(f"{recipe} evaluate"),
                plots_dir=self.source(f"{recipe} plots"),
                explain_dir=self.source(f"{recipe} explain"),
                repeat_dirs=self.repeat_dirs(recipe),
            )
            for recipe in self.recipes
        )
        page = Page(
            dataset=self.dataset,
            command=command_of(self),
            index_dir=self.source("index"),
            data_dir=self.source("data"),
            duplicates_dir=self.source("duplicates"),
            joined_csv=self.source("split") / "joined.csv",
            pack_dir=self.source("pack"),
            comparison_dir=self.source("comparison"),
            runs=runs,
            stages=made_below(self),
            validated_on="val" if settings.dataset(self.dataset).val_fraction else "test",
            source=settings.dataset(self.dataset).source,
            suspects_csv=self.source("audit") / "suspects.csv" if self.audits else None,
            mistakes=self.mistakes,
        )
        since = report_history.write_history(gather_facts(page), self.home, self.result_path, folder)
        write_page(folder / "report.html", replace(page, since=since))
        write_model_cards(page, folder)
        write_stages(page.stages, folder / "stages.csv")
