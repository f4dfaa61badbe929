"""Every task a user can name, and what happens on `luigi --module pipeline`."""

from pipeline import console
from pipeline.build import build
from pipeline.data import ExportImages, IndexImages, PackImages, SplitImages
from pipeline.reporting import FullReport, PlotRun
from pipeline.training import EvaluateModel, TrainModel

__all__ = [
    "EvaluateModel",
    "ExportImages",
    "FullReport",
    "IndexImages",
    "PackImages",
    "PlotRun",
    "SplitImages",
    "TrainModel",
    "build",
]

console.attach()
