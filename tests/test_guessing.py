"""A run that is no better than guessing is called that, and not overfitted."""

from pathlib import Path

from test_learning import FALLING, HEADER
from test_plots import write_table

from reports.facts.class_scores import ClassScore
from reports.facts.guessing import guessing_in_words
from reports.facts.learning import read_learning

TWO = [ClassScore("cat", 40, None, None, None), ClassScore("dog", 60, None, None, None)]


def metrics(accuracy: float, low: float, high: float) -> dict[str, float]:
    return {"accuracy": accuracy, "accuracy_low": low, "accuracy_high": high}


def test_a_run_below_the_most_frequent_class_is_no_better_than_guessing() -> None:
    said = guessing_in_words(metrics(0.55, 0.45, 0.64), TWO)
    assert said.startswith("No better than guessing: whoever names every test picture dog is right on 60.0% of them")


def test_a_run_whose_interval_reaches_down_to_guessing_is_perhaps_no_better() -> None:
    assert guessing_in_words(metrics(0.66, 0.56, 0.75), TWO).startswith("Perhaps no better than guessing")


def test_a_run_that_is_better_is_not_held_against_guessing() -> None:
    assert guessing_in_words(metrics(0.8, 0.71, 0.87), TWO) == ""


def test_the_verdict_on_the_curves_is_guessing_and_not_overfitting(tmp_path: Path) -> None:
    rising = [0.7, 0.69, 0.7, 0.72, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0]
    rows = [
        [epoch, loss, 0.9, val_loss, 0.5, 1e-3]
        for epoch, (loss, val_loss) in enumerate(zip(FALLING, rising, strict=True), 1)
    ]
    history = write_table(tmp_path / "history.csv", HEADER, rows)
    assert read_learning(history, {}).verdict.startswith("Overfitting")
    assert read_learning(history, {}, "No better than guessing.").verdict == "No better than guessing."
