"""The mean of each class's training pictures, which shows what they share, such as a blue upper half.

Reads a pack's training subset; writes `mean_pictures.png`, all of them with their names, and `page/LABEL-mean.png`,
each by itself, for the page.
"""

from __future__ import annotations

from math import isqrt
from pathlib import Path

import numpy as np
from PIL import Image

from datasets.pack import read_classes
from reports.drawing import style
from reports.drawing.sheet import CSS_DPI, scale, shrink, write_on

BYTES_AT_ONCE = 64_000_000
PAGE_BUDGET_BYTES = 210_000  # uncompressed, over all classes; the worst case, pure noise, takes 290 kB of the page
MOST_SIDE, SHOWN_SIDE = 64, 96  # in the page's file, and on the page
SIDE, GUTTER, MARGIN, NAME_HEIGHT, TITLE_HEIGHT = 128, 24, 16, 26, 60  # in mean_pictures.png
TITLE_LETTERS, NAME_LETTERS, LONGEST_NAME = 22, 16, 15
MOST_COLUMNS, LEAST_COLUMNS = 10, 4


def draw_mean_pictures(pack_dir: Path, folder: Path) -> None:
    """Writes the mean pictures, together and each by itself."""
    classes = read_classes(pack_dir)
    means = mean_pictures(pack_dir, len(classes))
    side = min(MOST_SIDE, isqrt(PAGE_BUDGET_BYTES // (3 * len(classes))))
    (folder / "page").mkdir(exist_ok=True)
    for label, mean in means.items():
        picture = shrink(mean, side)
        dpi = CSS_DPI * max(picture.size) / SHOWN_SIDE
        picture.save(folder / "page" / f"{label}-mean.png", format="PNG", optimize=True, dpi=(dpi, dpi))
    _draw_all([classes[label] for label in means], list(means.values()), folder / "mean_pictures.png")


def mean_pictures(pack_dir: Path, class_count: int) -> dict[int, np.ndarray]:
    """Returns the mean picture of each class that has training pictures, by label.

    Values are uint8, rounded once from the exact sum.
    """
    labels = np.load(pack_dir / "train_labels.npy")
    counts = np.bincount(labels, minlength=class_count)
    shape = np.load(pack_dir / "train_pixels.npy", mmap_mode="r").shape[1:]
    sums = np.zeros((class_count, *shape), np.int64)
    at_once = max(BYTES_AT_ONCE // int(np.prod(shape)), 1)
    for start in range(0, len(labels), at_once):
        here = labels[start : start + at_once]
        # The file is mapped again for each piece: an open map keeps in memory every page that was read.
        pixels = np.load(pack_dir / "train_pixels.npy", mmap_mode="r")[start : start + at_once]
        for label in np.unique(here):
            sums[label] += pixels[here == label].sum(axis=0, dtype=np.int64)
    return {int(label): np.rint(sums[label] / counts[label]).astype(np.uint8) for label in np.flatnonzero(counts)}


def _draw_all(names: list[str], means: list[np.ndarray], target: Path) -> None:
    pictures = [scale(mean, SIDE) for mean in means]
    across, down = pictures[0].width + GUTTER, pictures[0].height + NAME_HEIGHT + GUTTER
    columns, rows = min(max(len(means), LEAST_COLUMNS), MOST_COLUMNS), -(-len(means) // MOST_COLUMNS)
    paper = Image.new("RGB", (columns * across + MARGIN, TITLE_HEIGHT + rows * down), style.PAPER)
    write_on(paper, "The mean of each class's training pictures", (MARGIN, MARGIN), TITLE_LETTERS)
    for place, (name, picture) in enumerate(zip(names, pictures, strict=True)):
        x, y = MARGIN + place % MOST_COLUMNS * across, TITLE_HEIGHT + place // MOST_COLUMNS * down
        write_on(paper, _shorten(name), (x, y), NAME_LETTERS)
        paper.paste(picture, (x, y + NAME_HEIGHT))
    paper.save(target, format="PNG")


def _shorten(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
