"""The checkpoint: the whole state of a training, in one file that is complete or absent.

Writes and reads checkpoint.npz: every variable of the model (its random seeds too) and of the optimiser, the weights
kept so far, the rows of the history, the seconds, and a mark that says which training it belongs to.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.files.whole_file import unfinished_path, whole_file
from models.training.best_weights import KeptWeights
from models.training.history import EpochRow

_VARIABLES = "variables"


@dataclass(frozen=True)
class Checkpoint:
    """The state of a training after a whole epoch."""

    rows: Sequence[EpochRow]
    train_seconds: float
    variables: Sequence[np.ndarray]
    kept: KeptWeights


class UnfitCheckpointError(Exception):
    """The error that a checkpoint is damaged or belongs to another training."""


def write_checkpoint(path: Path, mark: str, state: Checkpoint) -> None:
    """Replaces the checkpoint at `path`; a kill or a power cut leaves the old one or the new one."""
    lists = {_VARIABLES: state.variables, **state.kept}
    header = {"mark": mark, "rows": state.rows, "train_seconds": state.train_seconds}
    header |= {"lists": {name: len(values) for name, values in lists.items()}}
    arrays = {f"{name}_{number}": value for name, values in lists.items() for number, value in enumerate(values)}
    with whole_file(path, flushed=True) as unfinished, unfinished.open("wb") as file:
        np.savez(file, header=np.array(json.dumps(header)), **arrays)  # type: ignore[arg-type]  # numpy's stub takes only a bool here


def read_checkpoint(path: Path, mark: str) -> Checkpoint:
    """Returns the checkpoint at `path`; raises UnfitCheckpointError if it cannot be used."""
    try:
        with np.load(path) as archive:
            header = json.loads(str(archive["header"]))
            lists = {
                name: [archive[f"{name}_{number}"] for number in range(count)]
                for name, count in header["lists"].items()
            }
            variables = lists.pop(_VARIABLES)
            rows = [EpochRow(*row) for row in header["rows"]]
            found, train_seconds = header["mark"], header["train_seconds"]
    except Exception as error:  # for a damaged file, numpy and zipfile raise almost anything
        raise UnfitCheckpointError("it is damaged") from error
    if found != mark:
        raise UnfitCheckpointError("it belongs to another recipe or to other pictures")
    return Checkpoint(rows, train_seconds, variables, kept=lists)


def remove_checkpoint(path: Path) -> None:
    """Removes the checkpoint, and what a kill left while it was written."""
    path.unlink(missing_ok=True)
    unfinished_path(path).unlink(missing_ok=True)
