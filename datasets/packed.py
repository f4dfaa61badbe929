"""A pack as trainings and reports read it; apart from how it is made, so that a change of that retrains nothing."""

from pathlib import Path

import numpy as np

from datasets.tables import read_rows

SUBSETS = ("train", "val", "test")


def read_subset(pack_dir: Path, subset: str) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (uint8 [n, height, width, 3], mapped rather than read) and labels (int32 [n]) of one subset."""
    pixels = np.load(pack_dir / f"{subset}_pixels.npy", mmap_mode="r")
    return pixels, np.load(pack_dir / f"{subset}_labels.npy")


def read_classes(pack_dir: Path) -> list[str]:
    """The class names, in the order of their labels."""
    return (pack_dir / "classes.txt").read_text(encoding="utf-8").splitlines()


def read_column(pack_dir: Path, name: str) -> list[str]:
    """The path, label or subset of every picture, in the order of pictures.csv."""
    place = ("path", "label", "subset").index(name)
    return [row[place] for row in read_rows(pack_dir / "pictures.csv")]


def gather(pack_dir: Path, kind: str, positions: np.ndarray) -> np.ndarray:
    """The pixels or labels of the pictures at these places of pictures.csv, out of the arrays of their subsets."""
    files = [pack_dir / f"{subset}_{kind}.npy" for subset in SUBSETS]
    arrays = [np.load(file, mmap_mode="r") for file in files if file.exists()]
    gathered = np.empty((len(positions), *arrays[0].shape[1:]), arrays[0].dtype)
    start = 0
    for array in arrays:
        here = (start <= positions) & (positions < start + len(array))
        gathered[here] = array[positions[here] - start]
        start += len(array)
    return gathered
