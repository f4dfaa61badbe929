"""A pack as trainings and reports read it; apart from how it is made, so that a change of that retrains nothing."""

from pathlib import Path

import numpy as np

SUBSETS = ("train", "val", "test")


def read_subset(pack_dir: Path, subset: str) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (uint8 [n, height, width, 3], mapped rather than read) and labels (int32 [n]) of one subset."""
    pixels = np.load(pack_dir / f"{subset}_pixels.npy", mmap_mode="r")
    return pixels, np.load(pack_dir / f"{subset}_labels.npy")


def read_classes(pack_dir: Path) -> list[str]:
    """The class names, in the order of their labels."""
    return (pack_dir / "classes.txt").read_text(encoding="utf-8").splitlines()
