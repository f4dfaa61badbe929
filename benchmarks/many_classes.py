"""Measures the memory and the seconds of an evaluation's tables and a report with many classes, without a training.

    python benchmarks/many_classes.py [--classes 1000] [--tested 50000] [--side 32]

Draws probabilities of which two thirds name the right class, and writes the tables of two evaluations, the plots, the
comparison and the page, each step in a process of its own. Prints the most memory that each held at once.
"""

import argparse
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from measuring import print_table, time_command

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from page_inputs import write_inputs  # type: ignore[import-not-found]

from datasets.tables import write_rows
from models.evaluation.class_tables import write_class_tables
from models.evaluation.comparison import compare
from models.evaluation.picture_tables import write_mistakes, write_predictions
from models.evaluation.scores import count_confusion
from models.explanation.explained_pictures import choose_explained, read_predicted
from reports.drawing.confusion import draw_confusion
from reports.page import write_page


def draw_probabilities(labels: np.ndarray, class_count: int, seed: int) -> np.ndarray:
    """Returns probabilities of every class, float32."""
    random = np.random.default_rng(seed)
    probabilities = random.random((len(labels), class_count), dtype=np.float32) ** 8
    probabilities[np.arange(len(labels)), labels] += random.random(len(labels), dtype=np.float32) * 1.4
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return probabilities


def make_inputs(folder: Path, class_count: int, tested: int, side: int) -> None:
    """Writes everything but the evaluations, with so many test pictures."""
    (folder / "inputs").mkdir()
    page = write_inputs(folder / "inputs", [f"class {label:04d}" for label in range(class_count)])
    (folder / "page").write_bytes(pickle.dumps(page))
    labels = np.arange(tested) % class_count
    pixels = np.random.default_rng(0).integers(0, 256, (tested, side, side, 3), dtype=np.uint8)
    np.save(page.pack_dir / "test_pixels.npy", pixels)
    rows = [line.split(",") for line in (page.pack_dir / "pictures.csv").read_text().splitlines()[1:]]
    rows += [[f"test/class {label:04d}/{label}_{place}.png", str(label), "test"] for place, label in enumerate(labels)]
    write_rows(page.pack_dir / "pictures.csv", ("path", "label", "subset"), rows)


def evaluate(folder: Path, class_count: int, tested: int, seed: int) -> None:
    """Writes the tables of an evaluation."""
    labels, classes = np.arange(tested) % class_count, [f"class {label:04d}" for label in range(class_count)]
    paths = [f"test/class {label:04d}/{label}_{place}.png" for place, label in enumerate(labels)]
    probabilities = draw_probabilities(labels, class_count, seed)
    write_predictions(folder / "predictions.csv", paths, labels, probabilities, classes, None)
    write_mistakes(folder, paths, labels, probabilities, classes)
    write_class_tables(folder, classes, count_confusion(labels, probabilities.argmax(axis=1), class_count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", type=int, default=1000)
    parser.add_argument("--tested", type=int, default=50_000)
    parser.add_argument("--side", type=int, default=32)
    parser.add_argument("--step", nargs=2, metavar=("STEP", "FOLDER"), help="one step alone, as the others call it")
    options = parser.parse_args()
    if options.step:
        take_step(options.step[0], Path(options.step[1]), options)
        return
    sizes = [f"--{name}={getattr(options, name)}" for name in ("classes", "tested", "side")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = []
        for step in STEPS:
            measured = time_command([sys.executable, __file__, *sizes, "--step", step, name], folder)
            if step != "inputs":  # which a test makes, with a split of seven million rows
                rows.append((step, f"{measured.seconds:.0f}", f"{measured.peak_mb:,.0f}"))
        print_table(["step", "seconds", "memory, MB"], rows)
        size = subprocess.check_output(["du", "-sm", name], text=True).split()[0]
        page = (folder / "report.html").stat().st_size / 1e6
        print(f"\nAll files take {size} MB, the page {page:.1f} MB.")


STEPS = (
    "inputs",
    "tables of an evaluation",
    "the other evaluation",
    "confusion.png",
    "explained pictures",
    "compare",
    "page",
)


def take_step(step: str, folder: Path, options: argparse.Namespace) -> None:
    """Takes one step, on the files of those before it."""
    inputs = folder / "inputs"
    first, second = inputs / "plain/evaluate", inputs / "wide"
    match STEPS.index(step):
        case 0:
            make_inputs(folder, options.classes, options.tested, options.side)
        case 1:
            evaluate(first, options.classes, options.tested, 0)
        case 2:
            evaluate(second, options.classes, options.tested, 1)
        case 3:
            draw_confusion(first / "confusion.csv", inputs / "plain/plots/confusion.png", "plain")
        case 4:
            choose_explained(read_predicted(first / "predictions.csv"))
        case 5:
            compare(first, second)
        case 6:
            write_page(folder / "report.html", pickle.loads((folder / "page").read_bytes()))


if __name__ == "__main__":
    main()
