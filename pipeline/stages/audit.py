"""The stages from a pack to the pictures whose label is probably wrong. The work is in `datasets` and `models`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import luigi

from datasets.errors import UserError
from models.networks.catalog import network_reference
from models.recipes.keys import key_options
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.recipes.validation.contradictions import refuse_for_classes
from models.recipes.validation.networks import refuse_for_side
from pipeline.engine import settings
from pipeline.engine.parameters import CountParameter, RecipeParameter
from pipeline.engine.stage import Input, Stage
from pipeline.stages.data import DataStage, ExportImages, FindDuplicates, IndexImages, PackImages, SplitImages

PACKING = "datasets.pack:write_pack"


def _folds_parameter() -> CountParameter:
    return CountParameter(
        2, 100, 3, description="into how many parts the pictures are dealt; each is judged by a model of all others"
    )


class FoldRecipeParameter(RecipeParameter):
    """The name of a recipe that learns from the pictures of the folds and from nothing else."""

    def parse(self, text: str) -> str:
        recipe = resolve(text, settings.sections("recipe"), {})
        for option in ("backbone", "start_from"):
            if getattr(recipe, option):
                raise UserError(f"recipe {text} has {option} set, which no fold can be trained with; choose another")
        return recipe.name


def _recipe_parameter() -> FoldRecipeParameter:
    return FoldRecipeParameter(default="quick", description="the recipe that the folds are trained by")


class SplitFolds(DataStage):
    """Deals the pictures that train or validate into folds."""

    folds = _folds_parameter()

    handed_down = ("dataset", "folds")
    result_path = "folds/split"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "export": Input(ExportImages(dataset=self.dataset), ("export.csv", "files.csv")),
            "index": Input(IndexImages(dataset=self.dataset), ("index.csv",)),
            "split": Input(SplitImages(dataset=self.dataset), ("split.csv",)),
            "duplicates": Input(FindDuplicates(dataset=self.dataset), ("duplicates.csv",)),
        }

    def key_parameters(self) -> dict[str, Any]:
        return self.chosen("folds") | SplitImages(dataset=self.dataset).chosen("seed")

    def build(self, folder: Path) -> None:
        from datasets.folds import write_folds
        from datasets.tables import read_exported

        write_folds(
            self.source("index") / "index.csv",
            self.source("split") / "split.csv",
            read_exported(self.export_csv),
            self.source_files(),
            self.source("duplicates") / "duplicates.csv",
            self.folds,
            SplitImages(dataset=self.dataset).seed,
            folder,
        )


class TrainFold(Stage):
    """Trains on the pictures of all folds but one."""

    folds = _folds_parameter()
    fold = luigi.IntParameter(default=0, description="the fold that is held out, from 0")
    recipe = _recipe_parameter()

    handed_down = ("dataset", "folds", "fold", "recipe")
    resumable = True
    unkeyed_files = ("training.json",)

    @property
    def result_path(self) -> str:
        return f"folds/{self.fold}"

    @property
    def resolved(self) -> Recipe:
        """The recipe with a value for every option, without those that need validation, which a fold does not have."""
        recipe = resolve(self.recipe, settings.sections("recipe"), {})
        return replace(recipe, name=f"fold {self.fold}", plateau_patience=0, stop_patience=0, checkpoint="none")

    @property
    def unseen_code(self) -> tuple[str, ...]:
        # The folds' contents, the pictures' size and the code that packs them decide the pixels.
        return (network_reference(self.resolved.network), PACKING)

    def inputs(self) -> Mapping[str, Input]:
        from datasets.folds import fold_file

        others = tuple(fold_file(fold) for fold in range(self.folds) if fold != self.fold)
        return {
            "folds": Input(SplitFolds(dataset=self.dataset, folds=self.folds), others),
            "export": Input(ExportImages(dataset=self.dataset), ("source.json",)),
            "pack": Input(PackImages(dataset=self.dataset), ("classes.txt",)),
        }

    def key_parameters(self) -> dict[str, Any]:
        return key_options(self.resolved)

    def build(self, folder: Path) -> None:
        from models.cross_validation import train_fold

        train_fold(self.resolved, self.source("pack"), self.source("folds") / "folds.csv", self.fold, folder)

    def check_inputs(self) -> None:
        from datasets.pack import read_classes

        if self.fold not in range(self.folds):
            raise UserError(f"--fold {self.fold} is not valid; give a number from 0 to {self.folds - 1}")
        refuse_for_classes(self.resolved, len(read_classes(self.source("pack"))))


class AuditLabels(DataStage):
    """Lists the pictures whose label is probably wrong."""

    folds = _folds_parameter()
    recipe = _recipe_parameter()

    result_path = "audit"

    def key_parameters(self) -> dict[str, Any]:
        return {}  # folds and recipe count by the results that are read

    def check(self) -> None:
        recipe, dataset = resolve(self.recipe, settings.sections("recipe"), {}), settings.dataset(self.dataset)
        refuse_for_side(recipe, dataset.side)
        if dataset.classes:
            refuse_for_classes(recipe, len(dataset.classes))

    def inputs(self) -> Mapping[str, Input]:
        trainings = {
            f"fold {fold}": Input(
                TrainFold(dataset=self.dataset, folds=self.folds, recipe=self.recipe, fold=fold), ("model.keras",)
            )
            for fold in range(self.folds)
        }
        return {
            "index": Input(IndexImages(dataset=self.dataset), ("index.csv",)),
            "pack": Input(PackImages(dataset=self.dataset)),
            "folds": Input(SplitFolds(dataset=self.dataset, folds=self.folds), ("folds.csv",)),
            "duplicates": Input(FindDuplicates(dataset=self.dataset), ("duplicates.csv", "pairs.csv")),
            **trainings,
        }

    def build(self, folder: Path) -> None:
        from datasets.pack import read_classes
        from datasets.suspects import write_suspects
        from models.cross_validation import judge

        pack_dir, fold_dirs = self.source("pack"), [self.source(f"fold {fold}") for fold in range(self.folds)]
        judgement = judge(pack_dir, self.source("folds") / "folds.csv", self.source("duplicates"), fold_dirs)
        write_suspects(judgement, read_classes(pack_dir), self.source("index") / "index.csv", folder)
