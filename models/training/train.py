"""Trains one recipe on one pack; killed at any moment, it goes on and ends as if it had never stopped.

Reads a pack; writes model.keras (no optimiser, loads in plain Keras), classes.csv, history.csv (grows while it runs)
and training.json. Until it is done, checkpoint.npz in the same folder holds what the next call goes on from.
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
from models.evaluation.run_classes import classes_of, predicting, write_classes
from models.input import Pictures, read_pictures
from models.recipes.recipe import Recipe, fields_that_matter
from models.training.averaging import remark_on_average
from models.training.checkpoint import UnfitCheckpointError, read_checkpoint, remove_checkpoint, write_checkpoint
from models.training.event_log import EVENTS, growing_events
from models.training.history import best_epoch, growing_csv, is_over
from models.training.learner import Learner
from models.training.progress import show_progress

if TYPE_CHECKING:
    import keras

Say = Callable[[str], None]
NewModel = Callable[[Recipe, np.ndarray, int], "keras.Model"]  # from the training pixels and the number of classes


def train(
    recipe: Recipe,
    pack_dir: Path,
    folder: Path,
    validation: str,
    say: Say = print,
    new_model: NewModel = assemble,
) -> None:
    """Train on a pack's training pictures, and validate on another of its subsets."""
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
        lambda learnt: predicting(learnt, classes),
    )


def train_on(
    training: Pictures,
    validating: Pictures | None,
    recipe: Recipe,
    new_model: Callable[[], "keras.Model"],
    folder: Path,
    say: Say = print,
    to_keep: Callable[["keras.Model"], "keras.Model"] = lambda learnt: learnt,
) -> None:
    """Write model.keras, history.csv and training.json into `folder`, going on from a checkpoint found there."""
    threads = prepare_tensorflow()
    began = perf_counter()
    checkpoint_path, mark = folder / "checkpoint.npz", _mark(recipe, training, validating)
    if _is_finished(folder / "training.json", mark):
        return
    model = new_model()
    learner = Learner(recipe, training, validating, model, training_view(model, recipe))
    began -= _go_on_from(checkpoint_path, mark, learner, lambda text: say(f"{recipe.name}  {text}"))
    if remark := remark_on_average(recipe, recipe.epochs * learner.step_count):
        say(f"{recipe.name}  {remark}")
    with (
        growing_csv(folder / "history.csv", learner.rows) as add_row,
        growing_events(folder / EVENTS, learner.rows) as log_row,
        show_progress(recipe, learner.step_count, len(learner.rows), say) as progress,
    ):
        while not is_over(recipe, learner.rows):
            row = learner.learn_epoch(progress.advance)
            add_row(row)
            log_row(row)
            write_checkpoint(checkpoint_path, mark, learner.state(perf_counter() - began))
            progress.end_epoch(row)
    for name, model in learner.finished():
        to_keep(model).save(folder / f"{name}.keras")
    summary = {
        "train_seconds": perf_counter() - began,
        "epochs": len(learner.rows),
        "best_epoch": best_epoch(learner.rows),
        "seed": recipe.seed,
        **count_parameters(to_keep(learner.model)),
        "threads": threads,
        "precision": precision_of(recipe),
        "mark": mark,
        **_versions(),
    }
    (folder / "training.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    remove_checkpoint(checkpoint_path)  # last, for without it the training counts as finished


def _mark(recipe: Recipe, training: Pictures, validating: Pictures | None) -> str:
    """Says which training a checkpoint or a summary belongs to: in which precision too, which a machine may decide."""
    decisive = fields_that_matter(recipe) | {"precision": precision_of(recipe)}
    digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode())
    for array in (*training, *(validating or ())):
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(array.data)
    return digest.hexdigest()


def _is_finished(training_json: Path, mark: str) -> bool:
    """Whether this training ended here, and was killed only before its result was put in place."""
    try:
        summary = json.loads(training_json.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(summary["mark"] == mark) and not training_json.with_name("checkpoint.npz").exists()


def _go_on_from(checkpoint_path: Path, mark: str, learner: Learner, say: Callable[[str], None]) -> float:
    """Put the learner where a fitting checkpoint was taken; gives the seconds spent until then."""
    if not checkpoint_path.exists():
        return 0.0
    try:
        checkpoint = read_checkpoint(checkpoint_path, mark)
        learner.restore(checkpoint)
    except UnfitCheckpointError as unfit:
        say(f"starts from the first epoch: {checkpoint_path} is not used, since {unfit}")
        return 0.0
    say(f"goes on after epoch {len(checkpoint.rows)}")
    return checkpoint.train_seconds


def _versions() -> dict[str, str]:
    import keras
    import tensorflow as tf

    return {"tensorflow": tf.__version__, "keras": keras.__version__}
