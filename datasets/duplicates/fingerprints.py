"""The fingerprints of pictures, kept by their content, so that only new pictures are decoded and compared.

Keeps one file, which grows. Without it, or where it is damaged, the same duplicates are found in more time.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.duplicates.groups import Likeness
from datasets.duplicates.likeness import Alike, find_alike
from datasets.duplicates.looks import Looks, look_at
from datasets.files.whole_file import whole_file

Look = Callable[[Sequence[str]], Looks]


@dataclass(frozen=True)
class Fingerprints:
    """The hash of the pixels of every file's content; how these pixels look, and which of them are alike."""

    hashes: dict[str, bytes]  # by the sha256 of a file
    looks: Looks
    alike: Alike

    def pairs(self) -> list[Likeness]:
        """Returns the hashes of each two pictures that are alike, and their distance."""
        ones, others = (self.looks.hashes[rows].tolist() for rows in self.alike.pairs.T)
        return list(zip(ones, others, self.alike.distances.tolist(), strict=True))

    def drawn(self, pixels: Iterable[bytes], most: int) -> Looks:
        """Returns the looks of some of these hashes, as good as random; a picture more changes one of them at most."""
        chosen = sorted(set(pixels))[:most]
        order = np.argsort(self.looks.hashes)
        return self.looks.rows(order[np.searchsorted(self.looks.hashes, np.array(chosen, "S32"), sorter=order)])


def add_contents(known: Fingerprints, contents: Collection[str], look: Look) -> Fingerprints:
    """Returns fingerprints that have all these contents; `look` gives the looks of those that are new.

    Usually only the new contents are compared, and the others stay known: a third picture does not decide whether two
    are alike. It does where a picture may be like too many others. Then all these contents are compared anew, and the
    others are forgotten.
    """
    missing = [sha256 for sha256 in contents if sha256 not in known.hashes]
    seen = look(missing)
    hashes = known.hashes | dict(zip(missing, seen.hashes.tolist(), strict=True))
    wanted, compared = {hashes[sha256] for sha256 in contents}, set(known.looks.hashes.tolist())
    if wanted <= compared and (known.alike.is_sparse() or wanted == compared):
        return Fingerprints(hashes, known.looks, known.alike) if missing else known
    looks = known.looks.joined(_new_among(seen, compared))
    if known.alike.is_sparse() and len(looks.hashes) <= 2 * len(wanted):
        alike = _joined(known.alike, find_alike(looks, first=len(compared)))
        if alike.is_sparse():
            return Fingerprints(hashes, looks, alike)
    looks = looks.rows(np.isin(looks.hashes, list(wanted)))
    return Fingerprints({sha256: hashes[sha256] for sha256 in contents}, looks, find_alike(looks))


def read_fingerprints(path: Path, reader: str) -> Fingerprints:
    """Returns what a file holds; nothing where it is damaged, or where another reader (code and settings) wrote it."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["reader"]) == reader:
                hashes = dict(zip(map(bytes.decode, kept["contents"].tolist()), kept["pixels"].tolist(), strict=True))
                looks, alike = ([kept[name] for name in kind._fields] for kind in (Looks, Alike))
                return Fingerprints(hashes, Looks(*looks), Alike(*alike))
    except Exception:  # a damaged archive makes zipfile raise almost anything
        pass
    return Fingerprints({}, look_at([]), Alike(np.empty((0, 2), np.int32), np.empty(0), np.empty(0, np.int64)))


def write_fingerprints(known: Fingerprints, path: Path, reader: str) -> None:
    """Writes the file, in place of the one before."""
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        np.savez(
            file,
            reader=np.array(reader),
            contents=np.array(list(known.hashes), "S64"),
            pixels=np.array(list(known.hashes.values()), "S32"),
            **known.looks._asdict(),
            **known.alike._asdict(),
        )


def _new_among(seen: Looks, known: Collection[bytes]) -> Looks:
    rows = {pixels: row for row, pixels in enumerate(seen.hashes.tolist()) if pixels not in known}
    return seen.rows(np.array(list(rows.values()), np.int64))


def _joined(old: Alike, new: Alike) -> Alike:
    counts = new.candidate_counts.copy()
    counts[: len(old.candidate_counts)] += old.candidate_counts
    pairs, distances = (np.concatenate(arrays) for arrays in zip(old[:2], new[:2], strict=True))
    return Alike(pairs, distances, counts)
