"""From a pack to one batch of it as a training sees it. The work is in `models`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.recipes.phases import OF_PICTURES
from pipeline.data import PackImages
from pipeline.stage import Input
from pipeline.training import RunStage, TrainModel

DECIDING = (*OF_PICTURES, "normalisation", "batch_size", "seed")


class ShowBatch(RunStage):
    """Keep one batch before and after augmentation, to be looked at."""

    modules = ("models.batch",)
    part = "batch"

    def inputs(self) -> Mapping[str, Input]:
        files = ("train_pixels.npy", "train_labels.npy", "classes.txt")
        return {"pack": Input(PackImages(dataset=self.dataset), files)}

    def decisive(self) -> dict[str, Any]:
        return {option: getattr(self.same_run(TrainModel).resolved, option) for option in DECIDING}

    def build(self, folder: Path) -> None:
        from models.batch import show_batch

        show_batch(self.same_run(TrainModel).resolved, self.source("pack"), folder)
