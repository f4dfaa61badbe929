"""The duplicates and near-duplicates among all pictures in the folders, within and across subsets.

Reads index.csv and the folders; writes `duplicates.csv`, every picture that has a duplicate, and `pairs.csv`, the pairs
that connect the groups.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from datasets.contents import Replacement, read_as_indexed
from datasets.duplicates.fingerprints import add_contents, read_fingerprints, write_fingerprints
from datasets.duplicates.groups import HashedPicture, group_pictures
from datasets.duplicates.looks import Looks, look_at
from datasets.pictures import decode_picture
from datasets.progress import progress
from datasets.tables import DUPLICATES_HEADER, PAIRS_HEADER, read_index, write_rows

MOST_COMPARED = 200_000
"""Each is compared with every other: ten times as many take a hundred times as long and ten times the memory."""


def write_duplicates(
    index_csv: Path,
    images_dir: Path,
    shape: tuple[int, int],
    fit: str,
    lost: Replacement,
    fingerprints_file: Path,
    reader: str,
    folder: Path,
) -> None:
    """Writes duplicates.csv and pairs.csv.

    The pictures are compared as trainings see them, in this shape. `reader` names all that decides how they look:
    fingerprints of another reader are not used.
    """
    rows = read_index(index_csv)
    paths = {row.sha256: row.path for row in rows}

    def look(contents: Sequence[str]) -> Looks:
        if not contents:
            return look_at([])
        with progress("looking for duplicates", len(contents)) as advance:

            def decoded() -> Iterator[np.ndarray]:
                for sha256 in contents:
                    content = read_as_indexed(images_dir, paths[sha256], sha256, lost)
                    yield decode_picture(content, *shape, fit)
                    advance(1)

            return look_at(decoded())

    hashes, alike = {sha256: sha256.encode() for sha256 in paths}, []
    if len(paths) <= MOST_COMPARED:
        remembered = read_fingerprints(fingerprints_file, reader)
        fingerprints = add_contents(remembered, paths, look)
        if fingerprints is not remembered:
            write_fingerprints(fingerprints, fingerprints_file, reader)
        hashes, alike = fingerprints.hashes, fingerprints.pairs()
    else:
        print(f"more than {MOST_COMPARED:,} pictures: only files of equal bytes count as duplicates", file=sys.stderr)
    pictures = (HashedPicture(row.path, row.subset, row.class_name, hashes[row.sha256]) for row in rows)
    members, pairs = group_pictures(pictures, alike)
    write_rows(folder / "duplicates.csv", DUPLICATES_HEADER, members)
    write_rows(folder / "pairs.csv", PAIRS_HEADER, pairs)
