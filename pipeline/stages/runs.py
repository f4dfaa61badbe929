"""The stages that look at one run: a batch as its training saw it, its scores, where its model looks, its plots.

The work is in `models` and `reports`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.recipes.backbone_trainings import head_recipe
from models.recipes.keys import batch_key_options, evaluation_key_options, key_options, shown_options
from models.recipes.recipe import Recipe
from pipeline.engine.stage import Input
from pipeline.stages.data import PackImages, SplitImages
from pipeline.stages.training import RunStage, TrainModel


class ShowBatch(RunStage):
    """Keeps one batch before and after augmentation, to be looked at."""

    part = "batch"

    def inputs(self) -> Mapping[str, Input]:
        files = ("train_pixels.npy", "train_labels.npy", "classes.txt")
        return {"pack": Input(PackImages(dataset=self.dataset), files)}

    @property
    def shown(self) -> Recipe:
        """The recipe that decides which pictures the training saw, and how."""
        recipe = self.same_run(TrainModel).resolved
        return head_recipe(recipe) if recipe.backbone and not recipe.unfreeze else recipe

    def key_parameters(self) -> dict[str, Any]:
        return batch_key_options(self.shown)

    def build(self, folder: Path) -> None:
        from models.shown_batch import show_batch

        show_batch(self.shown, self.source("pack"), folder)


class EvaluateModel(RunStage):
    """Measures a trained model on the test pictures."""

    part = "evaluate"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "pack": Input(
                PackImages(dataset=self.dataset), ("test_pixels.npy", "test_labels.npy", "pictures.csv", "classes.txt")
            ),
            "split": Input(SplitImages(dataset=self.dataset), ("leaks.csv",)),
            "train": Input(self.same_run(TrainModel)),
        }

    def key_parameters(self) -> dict[str, Any]:
        return evaluation_key_options(self.same_run(TrainModel).resolved)

    def build(self, folder: Path) -> None:
        from models.evaluation.evaluate import evaluate

        train, leaks_csv = self.source("train"), self.source("split") / "leaks.csv"
        model, pack_dir, tta = train / "model.keras", self.source("pack"), self.same_run(TrainModel).resolved.tta
        evaluate(model, pack_dir, train / "training.json", leaks_csv, folder, tta=tta)


class ExplainModel(RunStage):
    """Lists a trained model's layers, shows where it looks in test pictures, and keeps its channels for one of them."""

    part = "explain"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "train": Input(self.same_run(TrainModel), ("model.keras", "classes.csv")),
            "evaluate": Input(self.same_run(EvaluateModel), ("predictions.csv",)),
            "pack": Input(PackImages(dataset=self.dataset), ("test_pixels.npy",)),
        }

    def build(self, folder: Path) -> None:
        from models.explanation.explain import explain

        predictions_csv = self.source("evaluate") / "predictions.csv"
        explain(self.source("train") / "model.keras", predictions_csv, self.source("pack"), folder)


class PlotRun(RunStage):
    """Draws a run's curves, confusion matrix and reliability, a batch of its pictures, and where it looks."""

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
        from reports.drawing.batch_sheet import draw_batch
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
