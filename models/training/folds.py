"""Trains on all folds of a pack but one.

Reads a pack and folds.csv; writes what a training writes.
"""

from pathlib import Path

import numpy as np

from datasets.pack import gather, read_classes, read_column
from datasets.tables import read_folds
from models.building.assembly import assemble
from models.input import Pictures
from models.recipes.recipe import Recipe
from models.training.train import train_on


def train_fold(recipe: Recipe, pack_dir: Path, folds_csv: Path, fold: int, folder: Path) -> None:
    """Train on the pictures of every other fold, in the order of folds.csv."""
    positions = {path: position for position, path in enumerate(read_column(pack_dir, "path"))}
    chosen = [positions[path] for path, its_fold in read_folds(folds_csv).items() if its_fold != fold]
    training = Pictures(*(gather(pack_dir, kind, np.array(chosen)) for kind in ("pixels", "labels")))
    class_count = len(read_classes(pack_dir))
    train_on(training, None, recipe, lambda: assemble(recipe, training.pixels, class_count), folder)
