"""A folder of small pictures laid out by name, and what a source reads from it."""

from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from datasets.sources.folder.listing import list_source
from datasets.sources.folder.load import load

Labelled = list[tuple[str, str, str]]


def lay_out(root: Path, names: Iterable[str]) -> Path:
    """Writes files of these names; those that end in .png are pictures."""
    root.mkdir(exist_ok=True)
    for shade, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".png"):
            Image.new("RGB", (4, 4), (shade, 0, 0)).save(root / name)
        else:
            (root / name).write_text("no picture")
    return root


def numbered(root: Path) -> Labelled:
    """Returns the subset, the class and the file of each number."""
    arrays = load(list_source(root), 4, "crop")
    subsets = ["train" if number < arrays.train_count else "test" for number in range(len(arrays.labels))]
    classes = [arrays.classes[label] for label in arrays.labels]
    return list(zip(subsets, classes, arrays.files, strict=True))
