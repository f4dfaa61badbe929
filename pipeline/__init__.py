"""Every task a user can name, and what happens on `luigi --module pipeline`."""

import pipeline.plain_errors  # noqa: F401 - before anything that loads Luigi
from pipeline import console
from pipeline.audit import AuditLabels, SplitFolds, TrainFold
from pipeline.build import build
from pipeline.data import ExportImages, FindDuplicates, IndexImages, PackImages, SplitImages
from pipeline.reporting import FullReport, PlotRun
from pipeline.training import EvaluateModel, TrainModel

__all__ = [
    "AuditLabels",
    "EvaluateModel",
    "ExportImages",
    "FindDuplicates",
    "FullReport",
    "IndexImages",
    "PackImages",
    "PlotRun",
    "SplitFolds",
    "SplitImages",
    "TrainFold",
    "TrainModel",
    "build",
]

console.attach()
