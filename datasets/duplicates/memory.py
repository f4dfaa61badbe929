"""What was found out about pictures, kept by their content, so that only new ones are decoded and compared.

Keeps one file that is changed rather than made anew. Deleted or damaged, it costs only time: what is found with it
is what is found without.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.duplicates.groups import Likeness
from datasets.duplicates.likeness import Alike, find_alike
from datasets.duplicates.looks import Looks, look_at
from datasets.files.whole_file import whole_file

Look = Callable[[Sequence[str]], Looks]


@dataclass(frozen=True)
class Memory:
    """The hash of the pixels of every file's content; how each of these looks, and which of them are alike."""

    hashes: dict[str, bytes]  # by the sha256 of a file
    looks: Looks
    alike: Alike

    def pairs(self) -> list[Likeness]:
        """The hashes of pictures that are alike, and their distance."""
        ones, others = (self.looks.hashes[rows].tolist() for rows in self.alike.pairs.T)
        return list(zip(ones, others, self.alike.distances.tolist(), strict=True))


def learn(memory: Memory, contents: Collection[str], look: Look) -> Memory:
    """The memory with all these contents; `look` gives the looks of those it lacks.

    What it holds beside them stays, since whether two pictures are alike does not depend on a third. Only where some
    may be like too many it does, and then these contents alone are compared, all of them.
    """
    missing = [sha256 for sha256 in contents if sha256 not in memory.hashes]
    seen = look(missing)
    hashes = memory.hashes | dict(zip(missing, seen.hashes.tolist(), strict=True))
    wanted, known = {hashes[sha256] for sha256 in contents}, set(memory.looks.hashes.tolist())
    if wanted <= known and (memory.alike.is_sparse() or wanted == known):
        return Memory(hashes, memory.looks, memory.alike) if missing else memory
    looks = memory.looks.joined(_new_among(seen, known))
    if memory.alike.is_sparse() and len(looks.hashes) <= 2 * len(wanted):
        alike = _joined(memory.alike, find_alike(looks, first=len(known)))
        if alike.is_sparse():
            return Memory(hashes, looks, alike)
    looks = looks.rows(np.isin(looks.hashes, list(wanted)))
    return Memory({sha256: hashes[sha256] for sha256 in contents}, looks, find_alike(looks))


def recall(path: Path, reader: str) -> Memory:
    """What is kept, or nothing where other code or other settings (told apart by `reader`) kept it."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["reader"]) == reader:
                hashes = dict(zip(map(bytes.decode, kept["contents"].tolist()), kept["pixels"].tolist(), strict=True))
                looks, alike = ([kept[name] for name in kind._fields] for kind in (Looks, Alike))
                return Memory(hashes, Looks(*looks), Alike(*alike))
    except Exception:  # a damaged archive makes zipfile raise almost anything
        pass
    return Memory({}, look_at([]), Alike(np.empty((0, 2), np.int32), np.empty(0), np.empty(0, np.int64)))


def keep(memory: Memory, path: Path, reader: str) -> None:
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        np.savez(
            file,
            reader=np.array(reader),
            contents=np.array(list(memory.hashes), "S64"),
            pixels=np.array(list(memory.hashes.values()), "S32"),
            **memory.looks._asdict(),
            **memory.alike._asdict(),
        )


def _new_among(seen: Looks, known: Collection[bytes]) -> Looks:
    rows = {pixels: row for row, pixels in enumerate(seen.hashes.tolist()) if pixels not in known}
    return seen.rows(np.array(list(rows.values()), np.int64))


def _joined(old: Alike, new: Alike) -> Alike:
    counts = new.candidate_counts.copy()
    counts[: len(old.candidate_counts)] += old.candidate_counts
    pairs, distances = (np.concatenate(arrays) for arrays in zip(old[:2], new[:2], strict=True))
    return Alike(pairs, distances, counts)
