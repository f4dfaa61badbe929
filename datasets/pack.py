"""The pack: every picture decoded once, in arrays that training reads without opening a picture again.

Reads the folders through split.csv and index.csv; writes, for each subset, `<subset>_pixels.npy` and
`<subset>_labels.npy`, then `pictures.csv` (path,label,subset, in the rows' order) and `classes.txt` (a name a line).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from datasets.indexed import Replacement, read_as_indexed
from datasets.packed import SUBSETS
from datasets.pictures import decode_picture
from datasets.progress import progress
from datasets.tables import read_rows, write_rows

HEADER = ("path", "label", "subset")


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
    """Decode every picture of the split; `fit` says how one of another size is brought to this shape.

    `lost(path, sha256)` gives the content of a picture that, since it was indexed, is no longer what or where it was.
    """
    hashes = {row[0]: row[6] for row in read_rows(index_csv)}
    rows = [(path, int(label), subset) for path, label, subset in read_rows(split_csv)]
    listed = []
    with progress("packing", len(rows)) as advance:
        for subset in SUBSETS:
            members = [row for row in rows if row[2] == subset]
            if not members:
                continue
            labels = np.array([label for _, label, _ in members], np.int32)
            np.save(folder / f"{subset}_labels.npy", labels)
            pixels = np.lib.format.open_memmap(
                folder / f"{subset}_pixels.npy", mode="w+", dtype=np.uint8, shape=(len(members), *shape, 3)
            )
            for position, (path, _, _) in enumerate(members):
                content = read_as_indexed(images_dir, path, hashes[path], lost)
                pixels[position] = decode_picture(content, *shape, fit)
                advance(1)
            pixels.flush()
            listed += members
    write_rows(folder / "pictures.csv", HEADER, listed)
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in classes), encoding="utf-8")
