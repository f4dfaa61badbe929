"""Trains on all folds of a pack but one, and judges each picture by models that did not learn from it.

Reads a pack and folds.csv. Writes for each fold what a training writes.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from datasets.pack import gather, read_classes, read_column
from datasets.suspects import Judgement
from datasets.tables import read_folds
from models.building.assembly import assemble
from models.evaluation.prediction import predict
from models.recipes.recipe import Recipe
from models.training.train import train_on
from models.training_input import Pictures

TEST_PICTURE = -1  # in place of a fold


def train_fold(recipe: Recipe, pack_dir: Path, folds_csv: Path, fold: int, folder: Path) -> None:
    """Trains on the pictures of every other fold, in the order of folds.csv."""
    positions = {path: position for position, path in enumerate(read_column(pack_dir, "path"))}
    chosen = [positions[path] for path, its_fold in read_folds(folds_csv).items() if its_fold != fold]
    training = Pictures(*(gather(pack_dir, kind, np.array(chosen)) for kind in ("pixels", "labels")))
    class_count = len(read_classes(pack_dir))
    train_on(training, None, recipe, lambda: assemble(recipe, training.pixels, class_count), folder)


def judge(pack_dir: Path, folds_csv: Path, fold_dirs: Sequence[Path]) -> Judgement:
    """Returns the probabilities of every picture of a pack.

    The model of its fold judges a picture that trains or validates; all models together judge a test picture.
    """
    paths, subsets = read_column(pack_dir, "path"), read_column(pack_dir, "subset")
    folds = read_folds(folds_csv)
    fold_of = np.array([folds.get(path, TEST_PICTURE) for path in paths])
    probabilities = np.zeros((len(paths), len(read_classes(pack_dir))), np.float32)
    for fold, fold_dir in enumerate(fold_dirs):
        judged = np.flatnonzero((fold_of == fold) | (fold_of == TEST_PICTURE))
        probabilities[judged] += predict(fold_dir / "model.keras", gather(pack_dir, "pixels", judged), tta="mirror")
    probabilities[fold_of == TEST_PICTURE] /= len(fold_dirs)
    return Judgement(paths, subsets, gather(pack_dir, "labels", np.arange(len(paths))), probabilities)
