"""The classes of a run: those that its pictures are labelled with, and those that its model predicts.

They are kept beside the model as classes.csv (label,class,predicted). The two differ where a recipe sums the
probabilities of classes to those of their superclasses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from datasets.errors import UserError
from datasets.sources.cifar.classes import CIFAR100_COARSE
from datasets.sources.cifar.superclasses import superclasses_of
from datasets.tables import read_rows, write_rows
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

CLASSES_CSV = "classes.csv"


@dataclass(frozen=True)
class RunClasses:
    """The class of each label, and the class that its pictures should be predicted as."""

    names: Sequence[str]
    predicted_as: Sequence[str]

    @cached_property
    def are_summed(self) -> bool:
        """Returns whether the model predicts superclasses."""
        return list(self.names) != list(self.predicted_as)

    @cached_property
    def predicted(self) -> list[str]:
        """The classes that the model predicts, in the order of its probabilities."""
        return [name for name in CIFAR100_COARSE if name in self.predicted_as] if self.are_summed else list(self.names)

    @cached_property
    def predicted_label(self) -> np.ndarray:
        """The position of the class that each label should be predicted as."""
        return np.array([self.predicted.index(name) for name in self.predicted_as])


class _ClassRow(NamedTuple):
    label: str
    name: str
    predicted_as: str


def classes_of(recipe: Recipe, names: Sequence[str]) -> RunClasses:
    """Returns the classes that a recipe learns and predicts on a data set."""
    return RunClasses(names, superclasses_of(names) if recipe.predict == "coarse" else names)


def write_classes(classes: RunClasses, train_dir: Path) -> None:
    """Writes classes.csv."""
    rows = zip(range(len(classes.names)), classes.names, classes.predicted_as, strict=True)
    write_rows(train_dir / CLASSES_CSV, ("label", "class", "predicted"), rows)


def read_run_classes(train_dir: Path) -> RunClasses:
    """Returns the classes that classes.csv holds."""
    try:
        rows = [_ClassRow(*row) for row in read_rows(train_dir / CLASSES_CSV)]
    except FileNotFoundError:
        raise UserError(f"{train_dir} has no {CLASSES_CSV}: an older version trained it; train it again") from None
    return RunClasses([row.name for row in rows], [row.predicted_as for row in rows])


def with_summed_classes(model: "keras.Model", classes: RunClasses) -> "keras.Model":
    """Returns the model to save; if classes are summed, it has a last layer for that, with a frozen kernel."""
    if not classes.are_summed:
        return model
    from keras import Model, layers

    summing = layers.Dense(
        len(classes.predicted), use_bias=False, trainable=False, dtype="float32", name="superclass_probabilities"
    )
    summed = Model(model.input, summing(model.output), name=model.name)
    summing.set_weights([np.eye(len(classes.predicted))[classes.predicted_label]])
    return summed
