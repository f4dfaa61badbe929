"""The sentence on a run's curves: each rule with a history on either side of its threshold."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Project
from test_plots import HISTORY, count_pixels, write_table

import pipeline
from reports.drawing import style
from reports.drawing.curves import draw_curves
from reports.facts.learning import Learning, read_learning

HEADER = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]
FALLING = [2.0, 1.6, 1.3, 1.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
FLAT = [0.9] * 10


def learning(
    folder: Path,
    loss: Sequence[float] = FALLING,
    val_loss: Sequence[float] = FLAT,
    accuracy: Sequence[float] | float = 0.8,
    val_accuracy: Sequence[float] | float = 0.75,
    **options: Any,
) -> Learning:
    accuracies = (of if isinstance(of, Sequence) else [of] * len(loss) for of in (accuracy, val_accuracy))
    rows = [
        [epoch + 1, *of_epoch, 1e-3] for epoch, of_epoch in enumerate(zip(loss, val_loss, *accuracies, strict=True))
    ]
    header = ["epoch", "loss", "val_loss", "accuracy", "val_accuracy", "learning_rate"]
    return read_learning(write_table(folder / "history.csv", header, rows), options)


@pytest.mark.parametrize(
    ("loss", "verdict"),
    [
        ([1.0, 1.2, 2.1, 3.0, 2.5], "The loss diverged in epoch 3: try a lower learning rate."),
        ([1.0, "nan", "nan", "nan"], "The loss diverged in epoch 2: try a lower learning rate."),
        ([1.0, 1.2, 1.9, 1.8, 1.7], None),
        ([1.0, 2.4, 0.8, 0.7, 0.6], None),  # which caught itself
    ],
)
def test_a_loss_runs_away_where_it_doubles_and_does_not_come_back(
    tmp_path: Path, loss: list[float], verdict: str | None
) -> None:
    said = learning(tmp_path, loss, [0.9] * len(loss)).verdict
    assert said == verdict if verdict else "diverged" not in said


def test_three_epochs_are_too_few_and_four_are_not(tmp_path: Path) -> None:
    assert learning(tmp_path, [1.0], [1.0]).verdict == "1 epoch is too few to see a trend."
    assert learning(tmp_path, [1.0, 0.9, 0.8], FLAT[:3]).verdict == "3 epochs are too few to see a trend."
    assert "too few" not in learning(tmp_path, [1.0, 0.9, 0.8, 0.7], FLAT[:4]).verdict


def test_a_training_without_validation_gives_no_verdict_on_overfitting(tmp_path: Path) -> None:
    said = learning(tmp_path, val_loss=["nan"] * 10, val_accuracy=["nan"] * 10)  # type: ignore[list-item]
    assert said.verdict.startswith("There were no validation pictures")
    assert (said.remark, said.best) == ("", "")


def test_early_stopping_is_told_where_epochs_are_missing(tmp_path: Path) -> None:
    rising = [1.0, 0.9, 0.8, 0.7, 0.6, 0.8, 1.0, 1.1, 1.2, 1.3]
    stopped = learning(tmp_path, val_loss=rising, stop_patience=5, epochs=40)
    assert stopped.verdict == "Stopped early, after epoch 10 of 40: the validation loss had not fallen for 5 epochs."
    assert stopped.best.endswith("The tested model has the weights after that best epoch, 5.")
    assert "Stopped" not in learning(tmp_path, val_loss=rising, stop_patience=5, epochs=10).verdict
    tuned = {"backbone": "vgg16", "unfreeze": 4, "unfreeze_epochs": 10, "epochs": 40}
    assert "Stopped" not in learning(tmp_path, val_loss=rising, stop_patience=5, **tuned).verdict


@pytest.mark.parametrize(("end", "overfits"), [(0.636, True), (0.624, False)])
def test_overfitting_is_a_validation_loss_that_ends_5_percent_up(tmp_path: Path, end: float, overfits: bool) -> None:
    val_loss = [1.0, 0.8, 0.6, 0.6, 0.6, 0.61, 0.62, end, end, end]
    said = learning(tmp_path, val_loss=val_loss, accuracy=0.93, val_accuracy=[0.8] * 5 + [0.75] * 5).verdict
    if overfits:
        assert said == (
            "Overfitting from epoch 5: validation loss rose by 6%; "
            "training accuracy ends 0.18 above validation accuracy."
        )
    else:
        assert said.startswith(
            "Levelled off from epoch 5: more epochs would add little. Training accuracy is 0.18 above"
        )


@pytest.mark.parametrize(("end", "overfits"), [(0.78, True), (0.82, False)])
def test_a_training_loss_that_hardly_falls_is_no_overfitting(tmp_path: Path, end: float, overfits: bool) -> None:
    loss = [1.5, 1.1, 0.9, 0.9, 0.9, 0.85, 0.83, end, end, end]
    val_loss = [1.0, 0.8, 0.6, 0.6, 0.6, 0.61, 0.62, 0.7, 0.7, 0.7]
    assert ("Overfitting" in learning(tmp_path, loss, val_loss).verdict) == overfits


def test_overfitting_whose_accuracy_held_is_told_apart_and_a_gap_only_where_there_is_one(tmp_path: Path) -> None:
    val_loss = [1.0, 0.8, 0.6, 0.6, 0.6, 0.7, 0.8, 0.9, 0.9, 0.9]
    assert learning(tmp_path, val_loss=val_loss).verdict.endswith(
        "rose by 50%, though validation accuracy did not fall; training accuracy ends 0.05 above validation accuracy."
    )
    said = learning(tmp_path, val_loss=val_loss, accuracy=0.7, rotation_degrees=40.0).verdict
    assert said == "Overfitting from epoch 5: validation loss rose by 50%, though validation accuracy did not fall."


@pytest.mark.parametrize(("end", "falls"), [(0.97, True), (0.99, False)])
def test_still_falling_is_2_percent_in_the_last_three_epochs(tmp_path: Path, end: float, falls: bool) -> None:
    val_loss = [1.2, 1.1, 1.05, 1.0, 1.0, 1.0, 1.0, end, end, end]
    said = learning(tmp_path, val_loss=val_loss).verdict
    falling = "Still improving at the end: validation loss fell by 3% in the last 3 epochs, so more epochs would help."
    assert (said == falling) == falls


def test_more_epochs_stretch_a_schedule_that_ends_at_nothing(tmp_path: Path) -> None:
    said = learning(tmp_path, val_loss=FALLING, schedule="cosine").verdict
    assert said.endswith("more epochs would help (the schedule stretches with them).")


@pytest.mark.parametrize(("later", "stands"), [(0.99, True), (0.97, False)])
def test_nothing_is_learnt_where_no_loss_falls_by_2_percent_again(tmp_path: Path, later: float, stands: bool) -> None:
    loss = [2.0, 1.5, 1.0, *[later] * 7]
    said = learning(tmp_path, loss, [1.0] * 10, accuracy=0.312).verdict
    assert (said == "Learnt nothing after epoch 3: training accuracy stayed near 31.2%.") == stands


@pytest.mark.parametrize(("swing", "is_unsteady"), [(0.17, True), (0.155, False)])
def test_a_validation_loss_that_jumps_by_15_percent_is_unsteady(
    tmp_path: Path, swing: float, is_unsteady: bool
) -> None:
    assert learning(tmp_path, val_loss=[1 + swing, 1.0] * 5).verdict.startswith("Unsteady") == is_unsteady


@pytest.mark.parametrize(("val_accuracy", "is_odd"), [(0.86, True), (0.84, False)])
def test_validation_5_points_above_training_is_odd(tmp_path: Path, val_accuracy: float, is_odd: bool) -> None:
    said = learning(tmp_path, val_accuracy=val_accuracy)
    assert ("nothing in the recipe explains" in said.verdict) == is_odd
    assert said.remark == ""


@pytest.mark.parametrize(
    ("options", "because"),
    [
        ({"dense_dropout": 0.5}, "dropout"),
        ({"convolution_dropout": [0.0, 0.2], "mirrored_fraction": 0.5}, "dropout and augmentation"),
        ({"ema": 0.99}, "the averaging of weights"),
    ],
)
def test_validation_above_training_is_not_odd_where_the_recipe_explains_it(
    tmp_path: Path, options: dict[str, Any], because: str
) -> None:
    said = learning(tmp_path, val_accuracy=0.9, **options)
    assert said.verdict == "Levelled off from epoch 3: more epochs would add little."
    assert said.remark == f"Training accuracy is below validation accuracy because of {because}: nothing is wrong."
    assert learning(tmp_path, val_accuracy=0.7, **options).remark == ""


@pytest.mark.parametrize(
    ("options", "tested"),
    [
        ({}, "the weights after the last epoch, 10"),
        ({"ema": 0.9}, "the moving average of the weights after the last epoch, 10"),
        ({"swa": 0.25, "epochs": 10}, "the mean of the weights after each of the last 3 epochs"),
        ({"stop_patience": 20, "swa": 0.25}, "the weights after that best epoch, 4"),
    ],
)
def test_which_weights_were_tested_is_told_beside_the_best_epoch(
    tmp_path: Path, options: dict[str, Any], tested: str
) -> None:
    val_loss = [1.0, 0.9, 0.8, 0.7, 0.8, 0.8, 0.7, 0.8, 0.8, 0.8]
    said = learning(tmp_path, val_loss=val_loss, val_accuracy=[0.5] * 8 + [0.7, 0.6], **options).best
    assert said == (
        "Best epoch: 4, with the lowest validation loss, 0.700, and a validation accuracy of 50.0%; "
        f"the highest, 70.0%, was in epoch 9. The tested model has {tested}."
    )


def drawn(folder: Path, rates: Sequence[float], **options: Any) -> Path:
    folder.mkdir()
    rows = [[epoch + 1, 1.0 - epoch / 50, 0.5, 0.9, 0.5, rate] for epoch, rate in enumerate(rates)]
    draw_curves(write_table(folder / "history.csv", HEADER, rows), folder, "$x$ <script>", options)
    return folder / "loss.png"


@pytest.mark.slow
def test_the_best_epoch_is_marked_and_so_is_the_one_that_was_tested(tmp_path: Path) -> None:
    kinds = {"last": {}, "best": {"stop_patience": 5}, "mean": {"swa": 0.2, "epochs": 20}}
    last, best, mean = (drawn(tmp_path / name, [1e-3] * 20, **options) for name, options in kinds.items())
    blue, band = style.VALIDATION_COLOUR, style.RULE
    assert count_pixels(last, blue) > count_pixels(best, blue) + 100 > count_pixels(mean, blue) + 200
    assert count_pixels(mean, band) > 3 * count_pixels(last, band)


@pytest.mark.slow
def test_a_learning_rate_that_changes_is_drawn_below_and_one_that_does_not_is_not(tmp_path: Path) -> None:
    steady = drawn(tmp_path / "steady", [1e-3] * 20)
    steps = drawn(tmp_path / "steps", [1e-3] * 10 + [5e-4] * 10)
    smooth = drawn(tmp_path / "smooth", [1e-3 * (20 - epoch) / 20 for epoch in range(20)])
    ink = [count_pixels(plot, style.FAINT_INK) for plot in (steady, smooth, steps)]
    assert ink == sorted(ink)
    assert ink[1] > ink[0] + 500
    assert ink[2] > ink[1]  # the line that marks the step
    assert all(plot.stat().st_size < 60_000 for plot in (steady, smooth, steps))


@pytest.mark.slow
def test_the_best_epoch_is_the_one_in_the_runs_summary(project: Project) -> None:
    project.built(pipeline.TrainModel, recipe="quick", epochs="4")
    train_dir = project.home / "latest/runs/quick/train"
    best = json.loads((train_dir / "training.json").read_text())["best_epoch"]
    assert read_learning(train_dir / "history.csv", {}).best.startswith(f"Best epoch: {best}, ")


def test_two_epochs_are_drawn_and_told(tmp_path: Path) -> None:
    history_csv = write_table(tmp_path / "history.csv", HEADER, HISTORY[:2])
    draw_curves(history_csv, tmp_path, "short", {})
    assert read_learning(history_csv, {}).best.startswith("Best epoch: 2")
