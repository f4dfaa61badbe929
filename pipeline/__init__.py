"""Every task a user can name, and what happens on `luigi --module pipeline`."""

import pipeline.plain_errors  # noqa: F401 - before anything that loads Luigi
from pipeline import console
from pipeline.audit import AuditLabels, SplitFolds, TrainFold
from pipeline.batch import ShowBatch
from pipeline.build import build
from pipeline.data import ExportImages, FindDuplicates, IndexImages, PackImages, SplitImages
from pipeline.describing import DescribeData
from pipeline.evaluation import EvaluateModel
from pipeline.explaining import ExplainModel
from pipeline.features import EmbedImages
from pipeline.reporting import FullReport, PlotRun
from pipeline.together import CompareRuns
from pipeline.training import TrainHead, TrainModel

__all__ = [
    "AuditLabels",
    "CompareRuns",
    "DescribeData",
    "EmbedImages",
    "EvaluateModel",
    "ExplainModel",
    "ExportImages",
    "FindDuplicates",
    "FullReport",
    "IndexImages",
    "PackImages",
    "PlotRun",
    "ShowBatch",
    "SplitFolds",
    "SplitImages",
    "TrainFold",
    "TrainHead",
    "TrainModel",
    "build",
]

console.attach()
