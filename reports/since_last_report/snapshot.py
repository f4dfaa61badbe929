"""The facts that are kept beside a report, so that the next one can say what changed.

Reads the index, the pack's pictures.csv, and metrics.json and mistakes.csv of each evaluation; writes nothing. Ten
thousand test pictures take 80 kB, and 2 kB more for each seed of each run.
"""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import numpy as np

from datasets.pack import read_classes
from datasets.tables import read_edits, read_index, read_split
from reports.content import Page, Run
from reports.table_values import read_json, read_judged
from reports.words import printable

FORMAT = 2
ID_BYTES = 6  # two of ten thousand pictures get the same name in one of five million reports
DIGITS = 16  # of a picture's sha256

Snapshot = dict[str, Any]


class KeptEdit(NamedTuple):
    """An edit of one picture since the export; `was` and `now` are classes."""

    edit: str
    exported_path: str
    path: str
    was: str
    now: str
    sha256: str  # the first DIGITS of it


def take_snapshot(page: Page) -> Snapshot:
    """Returns plain JSON values, the same for the same pictures, recipes and answers."""
    subsets = {row.path: row.subset for row in read_split(page.pack_dir / "pictures.csv")}
    tested = [path for path, subset in subsets.items() if subset == "test"]
    traces = {stage.trace["stage"]: stage.trace for stage in page.stages}
    return {
        "format": FORMAT,
        "export": traces["IndexImages"]["inputs"]["export"],
        "index": traces["IndexImages"]["contents"]["index.csv"],
        "split": traces["SplitImages"]["parameters"],
        "classes": read_classes(page.pack_dir),
        "pictures": dict(Counter(subsets.values())),
        "edits": list(_describe_edits(page.index_dir / "edits.csv")),
        "tested": _to_text(b"".join(_identify(tested, page.index_dir / "index.csv"))),
        "runs": (runs := {run.name: _describe_run(run, tested) for run in page.runs}),
        "best": _name_best(runs),
    }


def _name_best(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """Returns the best of the runs that name the classes of the pictures; the best of all if none does."""
    comparable = {name: run for name, run in runs.items() if run["parameters"].get("predict") != "coarse"} or runs
    return max(comparable, key=lambda name: mean(comparable[name]["accuracies"]))


def read_answers(tested: str, right: Sequence[str]) -> dict[bytes, list[bool]]:
    """Returns by which seeds each test picture was named right, read from what a snapshot keeps."""
    names = b64decode(tested)
    pictures = [names[start : start + ID_BYTES] for start in range(0, len(names), ID_BYTES)]
    by_seed = [np.unpackbits(np.frombuffer(b64decode(bits), np.uint8), count=len(pictures)) for bits in right]
    return dict(zip(pictures, np.stack(by_seed, axis=1).astype(bool).tolist(), strict=True))


def _describe_edits(edits_csv: Path) -> Iterator[KeptEdit]:
    for row in read_edits(edits_csv):
        exported_path, path = printable(row.exported_path), printable(row.path)
        yield KeptEdit(row.edit, exported_path, path, row.was, row.now, row.sha256[:DIGITS])


def _identify(tested: Iterable[str], index_csv: Path) -> Iterator[bytes]:
    """Yields a name for each test picture, made from its pixels and its class and not from its path.

    Duplicates are told apart by their order.
    """
    known = {row.path: f"{row.sha256} {row.class_name}" for row in read_index(index_csv)}
    seen: Counter[str] = Counter()
    for path in tested:
        seen[known[path]] += 1
        yield sha256(f"{known[path]} {seen[known[path]]}".encode(errors="surrogateescape")).digest()[:ID_BYTES]


def _describe_run(run: Run, tested: Iterable[str]) -> dict[str, Any]:
    """Returns the parameters of a run, and of each seed its accuracy and which of its answers are right."""
    folders = (run.evaluate_dir, *run.repeat_dirs)
    return {
        "parameters": run.parameters,
        "accuracies": [read_json(folder / "metrics.json")["accuracy"] for folder in folders],
        "right": [_describe_answers(folder, tested) for folder in folders],
    }


def _describe_answers(evaluate_dir: Path, tested: Iterable[str]) -> str:
    wrong = {row.path for row in read_judged(evaluate_dir / "mistakes.csv")}
    return _to_text(np.packbits([path not in wrong for path in tested]).tobytes())


def _to_text(content: bytes) -> str:
    return b64encode(content).decode("ascii")
