"""From a model to what it looks at. The work is in `models`."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.engine.stage import Input
from pipeline.stages.data import PackImages
from pipeline.stages.evaluation import EvaluateModel
from pipeline.stages.training import RunStage, TrainModel


class ExplainModel(RunStage):
    """List a trained model's layers, lay Grad-CAM over test pictures, and keep what every channel says of one."""

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
