"""Has every picture of a pack judged by models that did not learn from it. Reads a pack, folds.csv and the models."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from datasets.pack import gather, read_classes, read_column
from datasets.suspects import Judgement
from datasets.tables import read_folds
from models.evaluation.prediction import predict


def judge(pack_dir: Path, folds_csv: Path, fold_dirs: Sequence[Path]) -> Judgement:
    """The model of its fold judges each picture that trains or validates, all models together each test picture."""
    paths, subsets = read_column(pack_dir, "path"), read_column(pack_dir, "subset")
    folds = read_folds(folds_csv)
    fold_of = np.array([folds.get(path, -1) for path in paths])  # -1: of the test pictures
    probabilities = np.zeros((len(paths), len(read_classes(pack_dir))), np.float32)
    for fold, fold_dir in enumerate(fold_dirs):
        judged = np.flatnonzero((fold_of == fold) | (fold_of == -1))
        probabilities[judged] += predict(fold_dir / "model.keras", gather(pack_dir, "pixels", judged), tta="mirror")
    probabilities[fold_of == -1] /= len(fold_dirs)
    return Judgement(paths, subsets, gather(pack_dir, "labels", np.arange(len(paths))), probabilities)
