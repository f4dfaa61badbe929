"""Twins among all pictures in the folders, within and across subsets.

Reads index.csv and the folders; writes `duplicates.csv` (group,path,subset,class,kind,distance), every picture that has
a twin, and `pairs.csv` (path,twin,kind,distance), the pairs that hold the groups together.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from datasets.duplicates.groups import Listed, Pair, group_pictures
from datasets.duplicates.looks import Looks, look_at
from datasets.duplicates.memory import keep, learn, recall
from datasets.indexed import Replacement, read_as_indexed
from datasets.pictures import decode_picture
from datasets.progress import progress
from datasets.tables import read_rows, write_rows

MOST_COMPARED = 200_000
"""Each is compared with every other: ten times as many take a hundred times as long, and hold ten times the memory."""


def write_duplicates(
    index_csv: Path,
    images_dir: Path,
    shape: tuple[int, int],
    fit: str,
    lost: Replacement,
    memory_file: Path,
    reader: str,
    folder: Path,
) -> None:
    """Look at the pictures as trainings see them, in this shape; `reader` names all that decides how they look."""
    rows = [(path, subset, class_name, sha256) for path, subset, _, class_name, _, _, sha256 in read_rows(index_csv)]
    paths = {sha256: path for path, _, _, sha256 in rows}

    def look(contents: Sequence[str]) -> Looks:
        if not contents:
            return look_at([])
        with progress("looking for twins", len(contents)) as advance:

            def decoded() -> Iterator[np.ndarray]:
                for sha256 in contents:
                    content = read_as_indexed(images_dir, paths[sha256], sha256, lost)
                    yield decode_picture(content, *shape, fit)
                    advance(1)

            return look_at(decoded())

    hashes, alike = {sha256: sha256.encode() for sha256 in paths}, []
    if len(paths) <= MOST_COMPARED:
        remembered = recall(memory_file, reader)
        memory = learn(remembered, paths, look)
        if memory is not remembered:
            keep(memory, memory_file, reader)
        hashes, alike = memory.hashes, memory.pairs()
    else:
        print(f"more than {MOST_COMPARED:,} pictures: only files of the same bytes count as twins", file=sys.stderr)
    pictures = (Listed(path, subset, class_name, hashes[sha256]) for path, subset, class_name, sha256 in rows)
    members, pairs = group_pictures(pictures, alike)
    write_rows(folder / "duplicates.csv", ("group", "path", "subset", "class", "kind", "distance"), members)
    write_rows(folder / "pairs.csv", Pair._fields, pairs)
