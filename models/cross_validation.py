"""Trains on all folds of a pack but one, and judges each picture by models that learnt neither it nor a duplicate.

Reads a pack, folds.csv and the tables of duplicates. Writes for each fold what a training writes.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from datasets.folds import learnt_folds
from datasets.pack import gather, read_classes, read_column
from datasets.suspects import Judgement
from datasets.tables import read_folds
from models.building.assembly import assemble
from models.evaluation.prediction import predict
from models.recipes.recipe import Recipe
from models.training.train import train_on
from models.training_input import Pictures


def train_fold(recipe: Recipe, pack_dir: Path, folds_csv: Path, fold: int, folder: Path) -> None:
    """Trains on the pictures of every other fold, in the order of folds.csv."""
    positions = {path: position for position, path in enumerate(read_column(pack_dir, "path"))}
    chosen = [positions[path] for path, its_fold in read_folds(folds_csv).items() if its_fold != fold]
    training = Pictures(*(gather(pack_dir, kind, np.array(chosen)) for kind in ("pixels", "labels")))
    class_count = len(read_classes(pack_dir))
    train_on(training, None, recipe, lambda: assemble(recipe, training.pixels, class_count), folder)


def judge(pack_dir: Path, folds_csv: Path, duplicates_dir: Path, fold_dirs: Sequence[Path]) -> Judgement:
    """Returns the probabilities of the pictures of a pack, each by the models that learnt neither it nor a duplicate.

    That is the model of its fold for a picture that trains or validates, and for a test picture with a duplicate there;
    all models together judge another test picture.
    """
    paths, subsets = read_column(pack_dir, "path"), read_column(pack_dir, "subset")
    learnt = learnt_folds(paths, read_folds(folds_csv), duplicates_dir)
    judges = np.array([[learnt[path] <= {fold} for fold in range(len(fold_dirs))] for path in paths])
    probabilities = np.zeros((len(paths), len(read_classes(pack_dir))), np.float32)
    for fold, fold_dir in enumerate(fold_dirs):
        judged = np.flatnonzero(judges[:, fold])
        probabilities[judged] += predict(fold_dir / "model.keras", gather(pack_dir, "pixels", judged), tta="mirror")
    kept = np.flatnonzero(judges.any(axis=1))
    return Judgement(
        [paths[position] for position in kept],
        [subsets[position] for position in kept],
        gather(pack_dir, "labels", kept),
        probabilities[kept] / judges[kept].sum(axis=1, keepdims=True, dtype=np.float32),
        [paths[position] for position in np.flatnonzero(~judges.any(axis=1))],
    )
