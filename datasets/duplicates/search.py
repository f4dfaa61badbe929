"""The duplicates and near-duplicates among all pictures in the folders, within and across subsets.

Reads index.csv and the folders; writes `duplicates.csv`, every picture that has a duplicate, and `pairs.csv`, the pairs
that connect the groups. `uncounted.csv` lists pictures that are alike and yet count as no duplicates, in groups, too;
`near.json` says why.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from datasets.contents import Replacement, read_as_indexed
from datasets.duplicates.counting import Counted, count_near
from datasets.duplicates.fingerprints import add_contents, read_fingerprints, write_fingerprints
from datasets.duplicates.groups import HashedPicture, group_pictures
from datasets.duplicates.looks import Looks, look_at
from datasets.duplicates.near_facts import NearFacts, write_facts
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
    setting: str,
    fingerprints_file: Path,
    reader: str,
    folder: Path,
) -> None:
    """Writes the three tables and near.json.

    The pictures are compared as trainings see them, in this shape. `reader` names all that decides how they look:
    fingerprints of another reader are not used.
    """
    rows = [] if setting == "none" else read_index(index_csv)
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

    hashes = {sha256: sha256.encode() for sha256 in paths}
    counted = Counted([], [], NearFacts(setting, len(rows)))
    if len(paths) <= MOST_COMPARED:
        remembered = read_fingerprints(fingerprints_file, reader)
        fingerprints = add_contents(remembered, paths, look)
        if fingerprints is not remembered:
            write_fingerprints(fingerprints, fingerprints_file, reader)
        hashes = fingerprints.hashes
        counted = count_near(setting, fingerprints, [row.sha256 for row in rows])
    else:
        print(f"more than {MOST_COMPARED:,} pictures: only files of equal bytes count as duplicates", file=sys.stderr)
    pictures = [HashedPicture(row.path, row.subset, row.class_name, hashes[row.sha256]) for row in rows]
    members, pairs = group_pictures(pictures, counted.near)
    write_rows(folder / "duplicates.csv", DUPLICATES_HEADER, members)
    write_rows(folder / "pairs.csv", PAIRS_HEADER, pairs)
    alike = {end for one, other, _ in counted.others for end in (one, other)}
    uncounted, _ = group_pictures((picture for picture in pictures if picture.pixels in alike), counted.others)
    write_rows(folder / "uncounted.csv", DUPLICATES_HEADER, uncounted)
    write_facts(counted.facts, folder)
