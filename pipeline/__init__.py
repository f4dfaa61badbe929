"""Every task a user can name, and what happens on `luigi --module pipeline`."""

import pipeline.plain_errors  # noqa: F401 - before anything that loads Luigi
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
