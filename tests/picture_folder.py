"""The folders of small pictures that tests lay out by name and read as a source."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from datasets.sources.folder.folder_listing import list_folder
from datasets.sources.folder.load_folder import load

Labelled = list[tuple[str, str, str]]


def lay_out(root: Path, names: Iterable[str]) -> Path:
    """Writes files of these names, each a picture where it ends in .png."""
    root.mkdir(exist_ok=True)
    for shade, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".png"):
            Image.new("RGB", (4, 4), (shade, 0, 0)).save(root / name)
        else:
            (root / name).write_text("no picture")
    return root


def paint_noise(path: Path) -> None:
    """Paints noise of its own, like no other picture."""
    random = np.random.default_rng([*path.name.encode(), *path.parent.name.encode()])
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(path)


def numbered(root: Path) -> Labelled:
    """Returns subset, class and file of each number."""
    arrays = load(list_folder(root), 4, "crop")
    subsets = ["train" if number < arrays.train_count else "test" for number in range(len(arrays.labels))]
    classes = [arrays.classes[label] for label in arrays.labels]
    return list(zip(subsets, classes, arrays.files, strict=True))
