"""The stage that shows what a model looks at. The work is in `models`."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.engine.stage import Input
from pipeline.stages.data import PackImages
from pipeline.stages.evaluation import EvaluateModel
from pipeline.stages.training import RunStage, TrainModel


class ExplainModel(RunStage):
    """Lists a trained model's layers, lays Grad-CAM over test pictures, and keeps what every channel makes of one."""

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
