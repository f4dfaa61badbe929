"""The pack: every picture decoded once, in arrays that trainings and reports read without opening a picture again.

Written from the folders through split.csv and index.csv. It holds, for each subset, `<subset>_pixels.npy` and
`<subset>_labels.npy`; `pictures.csv` (path,label,subset, in the order of the arrays); `classes.txt` (a name a line).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from datasets.contents import Replacement, read_as_indexed
from datasets.pictures import decode_picture
from datasets.progress import progress
from datasets.tables import SPLIT_HEADER, SplitRow, read_index, read_split, write_rows

SUBSETS = ("train", "val", "test")


def write_pack(
    split_csv: Path,
    index_csv: Path,
    images_dir: Path,
    classes: Sequence[str],
    shape: tuple[int, int],
    fit: str,
    lost: Replacement,
    folder: Path,
) -> None:
    """Decodes every picture of the split into a folder; `fit` says how one of another size is brought to this shape.

    `lost(path, sha256)` gives the content of a picture that was changed or moved since it was indexed.
    """
    hashes = {row.path: row.sha256 for row in read_index(index_csv)}
    rows, packed = read_split(split_csv), list[SplitRow]()
    with progress("packing", len(rows)) as advance:
        for subset in SUBSETS:
            members = [row for row in rows if row.subset == subset]
            if not members:
                continue
            np.save(folder / f"{subset}_labels.npy", np.array([row.label for row in members], np.int32))
            pixels = np.lib.format.open_memmap(
                folder / f"{subset}_pixels.npy", mode="w+", dtype=np.uint8, shape=(len(members), *shape, 3)
            )
            for position, row in enumerate(members):
                content = read_as_indexed(images_dir, row.path, hashes[row.path], lost)
                pixels[position] = decode_picture(content, *shape, fit)
                advance(1)
            pixels.flush()
            packed += members
    write_rows(folder / "pictures.csv", SPLIT_HEADER, packed)
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in classes), encoding="utf-8", newline="\n")


def read_subset(pack_dir: Path, subset: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns pixels (uint8 [n, height, width, 3], mapped rather than read) and labels (int32 [n]) of one subset."""
    pixels = np.load(pack_dir / f"{subset}_pixels.npy", mmap_mode="r")
    return pixels, np.load(pack_dir / f"{subset}_labels.npy")


def read_classes(pack_dir: Path) -> list[str]:
    """Returns the class names, in the order of their labels."""
    with (pack_dir / "classes.txt").open(encoding="utf-8", newline="\n") as lines:
        return [line.removesuffix("\n") for line in lines]


def read_column(pack_dir: Path, name: str) -> list[str]:
    """Returns the path, label or subset of every picture as text, in the order of pictures.csv."""
    position = SPLIT_HEADER.index(name)
    return [str(row[position]) for row in read_split(pack_dir / "pictures.csv")]


def gather(pack_dir: Path, kind: str, positions: np.ndarray) -> np.ndarray:
    """Returns the `pixels` or `labels` of the pictures at these positions of pictures.csv."""
    files = [pack_dir / f"{subset}_{kind}.npy" for subset in SUBSETS]
    arrays = [np.load(file, mmap_mode="r") for file in files if file.exists()]
    gathered = np.empty((len(positions), *arrays[0].shape[1:]), arrays[0].dtype)
    start = 0
    for array in arrays:
        here = (start <= positions) & (positions < start + len(array))
        gathered[here] = array[positions[here] - start]
        start += len(array)
    return gathered
