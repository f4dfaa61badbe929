"""What a run takes each test picture for, and how sure it is. Reads predictions.csv; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Predictions:
    """Every test picture: its class, the predicted one, and the probability of that."""

    paths: list[str]
    labels: np.ndarray  # int64 [n]
    predicted: np.ndarray  # int64 [n]
    probabilities: np.ndarray  # float32 [n]


def read_predictions(evaluate_dir: Path) -> Predictions:
    from pandas import read_csv

    table = read_csv(
        evaluate_dir / "predictions.csv",
        dtype={"path": str},
        keep_default_na=False,  # a picture may be called NA
        encoding_errors="surrogateescape",  # file names need not be UTF-8
    )
    first, last = table.columns.get_loc("predicted") + 1, table.columns.get_loc("loss")
    predicted = table["predicted"].to_numpy(np.int64)
    probabilities = table.iloc[:, first:last].to_numpy(np.float32)[np.arange(len(table)), predicted]
    return Predictions(list(table["path"]), table["label"].to_numpy(np.int64), predicted, probabilities)
