"""The plots of a run, drawn from real tables and looked at as pixels and bytes."""

import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reports.drawing import style
from reports.drawing.confusion import draw_confusion
from reports.drawing.curves import draw_curves

pytestmark = pytest.mark.slow

PLOTS = ("accuracy.png", "loss.png", "confusion.png")
HISTORY = [[1, 1.9, 0.31, 1.7, 0.38, 1e-3], [2, 1.5, 0.45, 1.6, 0.44, 1e-3], [3, 1.2, 0.57, 1.65, 0.43, 1e-3]]


def write_table(target: Path, header: list[str], rows: Sequence[Sequence[object]]) -> Path:
    with target.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])
    return target


def draw(
    folder: Path,
    classes: list[str],
    counts: np.ndarray,
    history: Sequence[Sequence[object]] = HISTORY,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    header = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"]
    history_csv = write_table(folder / "history.csv", header, history)
    rows = [[name, *row] for name, row in zip(classes, counts.tolist(), strict=True)]
    confusion_csv = write_table(folder / "confusion.csv", ["true", *classes], rows)
    return draw_run(history_csv, confusion_csv, folder / "plots")


def draw_run(history_csv: Path, confusion_csv: Path, plots_dir: Path) -> Path:
    plots_dir.mkdir(exist_ok=True)
    draw_curves(history_csv, plots_dir, "sample, plain", {"epochs": 3})
    draw_confusion(confusion_csv, plots_dir / "confusion.png", "sample, plain")
    return plots_dir


def read_plots(plots_dir: Path) -> list[bytes]:
    return [(plots_dir / name).read_bytes() for name in PLOTS]


def count_pixels(picture_path: Path, colour: str) -> int:
    with Image.open(picture_path) as picture:
        wanted = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
        return int((np.asarray(picture.convert("RGB")) == wanted).all(axis=2).sum())


def test_plots_drawn_twice_have_the_same_bytes(tmp_path: Path) -> None:
    counts = np.array([[40, 10], [5, 45]])
    first, second = (read_plots(draw(tmp_path / name, ["cat", "dog"], counts)) for name in ("first", "second"))
    assert first == second


def test_another_process_draws_the_same_bytes_without_pyplot(tmp_path: Path) -> None:
    here = draw(tmp_path, ["cat", "dog"], np.array([[40, 10], [5, 45]]))
    there = tmp_path / "there"
    script = (
        "import sys; from pathlib import Path; from test_plots import draw_run\n"
        "draw_run(*map(Path, sys.argv[1:]))\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    arguments = [tmp_path / "history.csv", tmp_path / "confusion.csv", there]
    subprocess.run([sys.executable, "-c", script, *map(str, arguments)], check=True, cwd=Path(__file__).parent)
    assert read_plots(here) == read_plots(there)


def test_a_users_matplotlib_settings_change_nothing_and_stay_as_they_were(tmp_path: Path) -> None:
    import matplotlib

    counts = np.array([[40, 10], [5, 45]])
    plain = read_plots(draw(tmp_path / "plain", ["cat", "dog"], counts))
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 20.0}):
        assert read_plots(draw(tmp_path / "changed", ["cat", "dog"], counts)) == plain
        assert matplotlib.rcParams["font.size"] == 20.0


def test_plots_carry_no_date_and_no_software_name(tmp_path: Path) -> None:
    plots_dir = draw(tmp_path, ["cat", "dog"], np.eye(2, dtype=int))
    for name in PLOTS:
        with Image.open(plots_dir / name) as picture:
            assert set(picture.info) == {"dpi"}


def test_a_rare_class_is_coloured_as_strongly_as_a_common_one(tmp_path: Path) -> None:
    plots_dir = draw(tmp_path, ["rare", "common"], np.array([[1, 0], [0, 1000]]))
    cell_pixels = (style.LARGEST_CELL_INCHES * style.MATRIX_DPI) ** 2
    assert count_pixels(plots_dir / "confusion.png", style.SHARE_COLOURS[-1]) > 1.7 * cell_pixels


def test_a_class_without_test_pictures_leaves_its_row_blank(tmp_path: Path) -> None:
    plots_dir = draw(tmp_path, ["present", "absent"], np.array([[7, 0], [0, 0]]))
    cell_pixels = (style.LARGEST_CELL_INCHES * style.MATRIX_DPI) ** 2
    strongest = count_pixels(plots_dir / "confusion.png", style.SHARE_COLOURS[-1])
    assert 0.8 * cell_pixels < strongest < 1.2 * cell_pixels


@pytest.mark.parametrize("size", [2, 6, 20, 100])
def test_every_cell_is_large_enough_to_read_its_count(tmp_path: Path, size: int) -> None:
    counts = np.eye(size, dtype=int) * 90 + np.eye(size, k=1, dtype=int) * 10
    plots_dir = draw(tmp_path, [f"class {number}" for number in range(size)], counts)
    with Image.open(plots_dir / "confusion.png") as picture:
        shown_width = picture.width * 96 / picture.info["dpi"][0]
    assert 20 * size < shown_width < 2600


def test_a_class_name_with_dollar_signs_is_not_read_as_a_formula(tmp_path: Path) -> None:
    draw(tmp_path, [r"$\oops{$", "<b>"], np.eye(2, dtype=int))


@pytest.mark.parametrize(
    "history",
    [HISTORY[:1], [[1, "nan", 0.1, "nan", "nan", 1e-3], [2, "nan", 0.1, "nan", "nan", 1e-3]]],
    ids=["one epoch", "a loss that ran away"],
)
def test_an_odd_training_is_drawn_all_the_same(tmp_path: Path, history: Sequence[Sequence[object]]) -> None:
    assert count_pixels(draw(tmp_path, ["cat", "dog"], np.eye(2, dtype=int), history) / "loss.png", style.PAPER) > 0


def test_cells_keep_their_exact_colour_in_a_picture_of_few_colours(tmp_path: Path) -> None:
    counts = np.array([[100 - share, share] for share in (0, 25)])
    plots_dir = draw(tmp_path, ["a", "b"], counts)
    assert count_pixels(plots_dir / "confusion.png", style.SHARE_COLOURS[1]) > 10_000
