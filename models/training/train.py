"""Trains one recipe on one pack. If it is killed, the next call continues and ends with the same result.

Reads a pack. Writes model.keras (without optimiser, loads in plain Keras), classes.csv, history.csv (grows while it
runs) and training.json. Until it is done, checkpoint.npz in the same folder holds what the next call continues from.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from datasets.pack import read_classes
from models.backend import precision_of, prepare_tensorflow
from models.building.assembly import assemble
from models.building.freezing import count_parameters
from models.building.training_view import training_view
from models.evaluation.run_classes import classes_of, with_summed_classes, write_classes
from models.recipes.keys import key_options
from models.recipes.recipe import Recipe
from models.training.checkpoint import UnfitCheckpointError, read_checkpoint, remove_checkpoint, write_checkpoint
from models.training.event_log import open_event_log
from models.training.history import best_epoch, is_over, open_history
from models.training.learner import Learner
from models.training.progress import Say, show_progress, tell_resumed, tell_unfit_checkpoint, warn_of_slow_average
from models.training_input import Pictures, read_pictures

if TYPE_CHECKING:
    import keras

NewModel = Callable[[Recipe, np.ndarray, int], "keras.Model"]  # from the training pixels and the number of classes


def train(
    recipe: Recipe,
    pack_dir: Path,
    folder: Path,
    validation: str,
    say: Say = print,
    new_model: NewModel = assemble,
) -> None:
    """Trains on the training pictures of a pack, and validates on another of its subsets."""
    training, validating = (read_pictures(pack_dir, subset) for subset in ("train", validation))
    classes = classes_of(recipe, read_classes(pack_dir))
    write_classes(classes, folder)
    train_on(
        training,
        validating,
        recipe,
        lambda: new_model(recipe, training.pixels, len(classes.names)),
        folder,
        say,
        lambda model: with_summed_classes(model, classes),
    )


def train_on(
    training: Pictures,
    validating: Pictures | None,
    recipe: Recipe,
    new_model: Callable[[], "keras.Model"],
    folder: Path,
    say: Say = print,
    to_saved: Callable[["keras.Model"], "keras.Model"] = lambda model: model,
) -> None:
    """Writes model.keras, history.csv and training.json into `folder`; continues from a checkpoint found there."""
    threads = prepare_tensorflow()
    began = perf_counter()
    checkpoint_path, mark = folder / "checkpoint.npz", _mark(recipe, training, validating)
    if _is_finished(folder / "training.json", mark):
        return
    model = new_model()
    learner = Learner(recipe, training, validating, model, training_view(model, recipe))
    began -= _resume(recipe, checkpoint_path, mark, learner, say)
    warn_of_slow_average(recipe, recipe.epochs * learner.step_count, say)
    with (
        open_history(folder / "history.csv", learner.rows) as add_row,
        open_event_log(folder, learner.rows) as log_row,
        show_progress(recipe, learner.step_count, len(learner.rows), say) as progress,
    ):
        while not is_over(recipe, learner.rows):
            row = learner.learn_epoch(progress.advance)
            add_row(row)
            log_row(row)
            write_checkpoint(checkpoint_path, mark, learner.state(perf_counter() - began))
            progress.end_epoch(row)
    for name, model in learner.finished_models():
        to_saved(model).save(folder / f"{name}.keras")
    summary = {
        "train_seconds": perf_counter() - began,
        "epochs": len(learner.rows),
        "best_epoch": best_epoch(learner.rows),
        "seed": recipe.seed,
        **count_parameters(to_saved(learner.model)),
        "threads": threads,
        "precision": precision_of(recipe),
        "mark": mark,
        **_versions(),
    }
    (folder / "training.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    remove_checkpoint(checkpoint_path)  # last, because without it the training counts as finished


def _mark(recipe: Recipe, training: Pictures, validating: Pictures | None) -> str:
    """Returns what identifies this training: its options, its pictures, and the precision on this machine."""
    options = key_options(recipe) | {"precision": precision_of(recipe)}
    digest = hashlib.sha256(json.dumps(options, sort_keys=True).encode())
    for array in (*training, *(validating or ())):
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(array.data)
    return digest.hexdigest()


def _is_finished(training_json: Path, mark: str) -> bool:
    """Returns whether this training was finished in this folder, and was killed before the result got its name."""
    try:
        found = json.loads(training_json.read_text(encoding="utf-8"))["mark"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    return bool(found == mark) and not training_json.with_name("checkpoint.npz").exists()


def _resume(recipe: Recipe, checkpoint_path: Path, mark: str, learner: Learner, say: Say) -> float:
    """Restores the learner from a checkpoint that fits; returns the seconds of training that this saves."""
    if not checkpoint_path.exists():
        return 0.0
    try:
        checkpoint = read_checkpoint(checkpoint_path, mark)
        learner.restore(checkpoint)
    except UnfitCheckpointError as unfit:
        tell_unfit_checkpoint(recipe, checkpoint_path, unfit, say)
        return 0.0
    tell_resumed(recipe, len(checkpoint.rows), say)
    return checkpoint.train_seconds


def _versions() -> dict[str, str]:
    import keras
    import tensorflow as tf

    return {"tensorflow": tf.__version__, "keras": keras.__version__}
