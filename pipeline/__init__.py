"""The tasks that a user can name, and what happens on `luigi --module pipeline`."""

import pipeline.engine.loaded_code  # before all else: it notes the code that is loaded
import pipeline.terminal.plain_errors  # noqa: F401 - before anything that loads Luigi
from datasets.errors import UserError
from pipeline.from_python import build
from pipeline.stages.audit import AuditLabels, SplitFolds, TrainFold
from pipeline.stages.data import ExportImages, FindDuplicates, IndexImages, PackImages, SplitImages
from pipeline.stages.description import DescribeData
from pipeline.stages.features import EmbedImages
from pipeline.stages.report import FullReport
from pipeline.stages.run_comparison import CompareRuns
from pipeline.stages.runs import EvaluateModel, ExplainModel, PlotRun, ShowBatch
from pipeline.stages.training import TrainHead, TrainModel
from pipeline.terminal import console

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
    "UserError",
    "build",
]

console.attach()
