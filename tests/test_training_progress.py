import io
import sys

from models.recipes.recipe import Recipe
from models.training.history import EpochRow
from models.training.progress import show_progress

RECIPE = Recipe("augmented", epochs=3)
ROW = EpochRow(3, 1.2344, 0.5116, 1.3101, 0.4981, 1e-3)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def follow_one_epoch(row: EpochRow = ROW) -> list[str]:
    said: list[str] = []
    with show_progress(RECIPE, steps_per_epoch=50, epochs_done=2, say=said.append) as progress:
        progress.advance(32)
        progress.advance(18)
        progress.end_epoch(row)
    return said


def test_without_a_terminal_each_epoch_is_a_line(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    (line,) = follow_one_epoch()
    assert line.startswith("augmented  epoch 3/3  loss 1.234  accuracy 0.512  val_loss 1.310  val_accuracy 0.498  ")
    assert line.endswith(" s")
    assert sys.stderr.getvalue() == ""


def test_a_training_that_validates_on_nothing_says_nothing_of_it(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    (line,) = follow_one_epoch(ROW._replace(val_loss=float("nan"), val_accuracy=float("nan")))
    assert line.startswith("augmented  epoch 3/3  loss 1.234  accuracy 0.512  ")
    assert "val" not in line
    assert "nan" not in line


def test_on_a_terminal_a_bar_goes_on_from_the_epochs_done_and_nothing_is_said(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert follow_one_epoch() == []
    shown = sys.stderr.getvalue()
    assert "augmented 2/3  67% |" in shown
    assert "augmented 3/3 100% |" in shown
    assert "val_loss 1.310, val_accuracy 0.498" in shown
