"""The stage from a pack to one batch as a training sees it. The work is in `models`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.recipes.keys import batch_key_options
from models.recipes.phases import of_head
from models.recipes.recipe import Recipe
from pipeline.engine.stage import Input
from pipeline.stages.data import PackImages
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
        return of_head(recipe) if recipe.backbone and not recipe.unfreeze else recipe

    def key_parameters(self) -> dict[str, Any]:
        return batch_key_options(self.shown)

    def build(self, folder: Path) -> None:
        from models.batch import show_batch

        show_batch(self.shown, self.source("pack"), folder)
