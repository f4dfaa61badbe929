"""A pack of small pictures that can be learnt, but not at once: stripes as wide as their class, under heavy noise."""

from pathlib import Path

import numpy as np

from datasets.tables import SPLIT_HEADER, write_rows

CLASSES = ("thin", "wide, very", 'größer "still"')
SIDE = 16


def write_small_pack(folder: Path, **counts: int) -> Path:
    """Writes a pack with so many pictures in each subset, as train=96, val=30, test=30."""
    folder.mkdir()
    random = np.random.default_rng(5)
    listed = []
    for subset, count in counts.items():
        labels = (np.arange(count) % len(CLASSES)).astype(np.int32)
        columns = np.arange(SIDE) // (labels[:, None] + 1) % 2 * 64
        noise = random.integers(0, 192, (count, SIDE, SIDE, 3))
        np.save(folder / f"{subset}_pixels.npy", (columns[:, None, :, None] + noise).astype(np.uint8))
        np.save(folder / f"{subset}_labels.npy", labels)
        listed += [(f"{subset}/{CLASSES[label]}/{label}_{n:05}.png", label, subset) for n, label in enumerate(labels)]
    write_rows(folder / "pictures.csv", SPLIT_HEADER, listed)
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in CLASSES), encoding="utf-8")
    return folder
