"""The stage that measures a model. The work is in `models`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.recipes.recipe import Recipe
from pipeline.engine.stage import Input
from pipeline.stages.data import PackImages, SplitImages
from pipeline.stages.training import RunStage, TrainModel


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
        tta = self.same_run(TrainModel).resolved.tta
        return {} if tta == Recipe.tta else {"tta": tta}

    def build(self, folder: Path) -> None:
        from models.evaluation.evaluate import evaluate

        train, leaks_csv = self.source("train"), self.source("split") / "leaks.csv"
        model, pack_dir, tta = train / "model.keras", self.source("pack"), self.same_run(TrainModel).resolved.tta
        evaluate(model, pack_dir, train / "training.json", leaks_csv, folder, tta=tta)
