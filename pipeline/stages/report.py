"""The stage that makes the report. The work is in `reports`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets.folders import IMAGES
from models.recipes.keys import key_options, shown_options
from pipeline.engine import invocation, settings
from pipeline.engine.graph import display_name, stages_below
from pipeline.engine.parameters import ChoiceParameter, CountParameter
from pipeline.engine.results import Result, latest_key
from pipeline.engine.stage import Input, Stage
from pipeline.engine.trace import read_trace
from pipeline.engine.typed_command import command_for
from pipeline.stages.audit import AuditLabels
from pipeline.stages.data import ExportImages, FindDuplicates, IndexImages, PackImages, SplitImages
from pipeline.stages.description import DescribeData
from pipeline.stages.run_comparison import CompareRuns, StageOfRuns
from pipeline.stages.runs import ExplainModel, PlotRun
from reports.section import TEMPLATE_DIR, section_references

if TYPE_CHECKING:
    from reports.content import Page, Run, StageRecord
    from reports.since_last_report.changes import LastReport


class FullReport(StageOfRuns):
    """Makes the report: the data, every run, and how all of it was made."""

    audit = ChoiceParameter(
        "auto",
        "true",
        "false",
        description="look for wrong labels, which trains a few more models; auto looks in the sample alone",
    )

    mistakes = CountParameter(0, 100, 10, description="how many of each run's worst mistakes are shown")

    result_path = "report"
    unkeyed_files = ("report.html", "stages.csv", "since.json")  # they hold dates, seconds and the report before

    @property
    def unseen_code(self) -> tuple[str, ...]:
        return section_references()

    def data_files(self) -> Iterable[Path]:
        return (file for file in TEMPLATE_DIR.rglob("*") if file.is_file())

    def inputs(self) -> Mapping[str, Input]:
        stages: dict[str, Stage] = {
            "export": ExportImages(dataset=self.dataset),
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
        """Tells whether wrong labels are looked for."""
        of_sample = settings.dataset(self.dataset).source == "sample"
        return bool(self.audit == "true" or (self.audit == "auto" and of_sample))

    def build(self, folder: Path) -> None:
        from models.evaluation.comparison import difference_of_answers
        from reports.facts.model_card import write_model_cards
        from reports.page import write_page
        from reports.sections.provenance import write_stages
        from reports.since_last_report.changes import write_changes
        from reports.since_last_report.snapshot import take_snapshot

        page = self._page()
        since = write_changes(take_snapshot(page), self._last_report(), difference_of_answers, folder)
        write_page(folder / "report.html", replace(page, since=since))
        write_model_cards(page, folder)
        write_stages(page.stages, folder / "stages.csv")

    def _page(self) -> "Page":
        from reports.content import Page

        dataset = settings.dataset(self.dataset)
        return Page(
            dataset=self.dataset,
            command=command_for(self),
            index_dir=self.source("index"),
            data_dir=self.source("data"),
            duplicates_dir=self.source("duplicates"),
            joined_csv=self.source("split") / "joined.csv",
            pack_dir=self.source("pack"),
            comparison_dir=self.source("comparison"),
            runs=tuple(self._run(recipe) for recipe in self.recipes),
            stages=_records_below(self),
            validated_on="val" if dataset.val_fraction else "test",
            source=dataset.source,
            suspects_csv=self.source("audit") / "suspects.csv" if self.audits else None,
            images_dir=self.home / IMAGES,
            files_csv=self.source("export") / "files.csv",
            mistakes=self.mistakes,
        )

    def _run(self, recipe: str) -> "Run":
        from reports.content import Run

        return Run(
            name=recipe,
            parameters=shown_options(self.train(recipe).resolved),
            train_dir=self.source(f"{recipe} train"),
            evaluate_dir=self.source(f"{recipe} evaluate"),
            plots_dir=self.source(f"{recipe} plots"),
            explain_dir=self.source(f"{recipe} explain"),
            repeat_dirs=self.repeat_dirs(recipe),
        )

    def _last_report(self) -> "LastReport | None":
        """Returns the report that `latest/` names, which the new one is compared with."""
        from reports.since_last_report.changes import LastReport

        key = latest_key(self.home, self.result_path)
        return LastReport(key, Result(self.home, self.result_path, key).folder) if key else None


def _records_below(root: Stage) -> "tuple[StageRecord, ...]":
    """Returns a record of every result that a task depends on, each after those it was made from."""
    from reports.content import StageRecord

    made = {entry.task for entry in invocation.ledger() if entry.made_result and entry.home == str(root.home)}
    return tuple(
        StageRecord(
            name=display_name(stage),
            reads=tuple(display_name(source) for source in stage.requires()),
            is_new=stage.task_id in made,
            trace=dict(read_trace(result.folder)),
        )
        for stage in stages_below(root)[:-1]
        if (result := stage.result())
    )
