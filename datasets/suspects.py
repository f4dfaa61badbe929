"""The pictures whose label is probably wrong, by confident learning from models that never saw them.

Writes `suspects.csv` (path,subset,label,suggested,score,command,sha256), most suspicious first; label and suggested
are names of classes, score is the probability that the label did not get, and command moves the picture when it is run
in the folder of the pictures. Writes `audit.json`, too: how well these models know the classes.
"""

import shlex
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from datasets.fold_skill import FoldSkill, is_enough, write_skill
from datasets.tables import SUSPECTS_HEADER, SuspectRow, read_index, write_rows

WEIGHT_OF_LABEL = 0.4  # the exponent of its likelihood; 0 would leave the probabilities as they are


class Judgement(NamedTuple):
    """The pictures of a pack, in its order, with what models make of them that learnt neither them nor a duplicate."""

    paths: list[str]
    subsets: list[str]
    labels: np.ndarray  # int32 [n]
    probabilities: np.ndarray  # float32 [n, classes]
    unjudged: list[str]  # the paths of those of which every model learnt a duplicate; they are not among the others

    def held_out_accuracy(self) -> float:
        """Returns how often the models named a picture right that trains or validates, but not for them."""
        return float((self.probabilities.argmax(axis=1) == self.labels)[self._held_out].mean())

    def chance(self) -> float:
        """Returns the accuracy on the same pictures of naming always the largest class."""
        counts = np.bincount(self.labels[self._held_out])
        return float(counts.max() / counts.sum())

    @property
    def _held_out(self) -> np.ndarray:
        held_out: np.ndarray = np.array(self.subsets) != "test"
        return held_out


def find_suspects(labels: np.ndarray, weighed: np.ndarray) -> np.ndarray:
    """Returns the positions of the pictures that cleanlab flags, most suspicious first."""
    from cleanlab.filter import find_label_issues

    suspects: np.ndarray = find_label_issues(
        labels,
        weighed,
        filter_by="predicted_neq_given",
        return_indices_ranked_by="self_confidence",
        n_jobs=1,
    )
    return suspects


def weigh(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Returns the probability of each class for each picture, given also the label that it has.

    Confident learning counts how often each class is labelled as each other: so a cat labelled dog, as many are, is
    believed sooner than one labelled ship. The count comes from the same probabilities: it has less weight.
    """
    from cleanlab.count import compute_confident_joint

    # In float32, the sums of rows differ from 1 by more than cleanlab allows.
    shares = probabilities.astype(np.float64) / probabilities.sum(axis=1, keepdims=True, dtype=np.float64)
    counts = compute_confident_joint(labels, shares) + 1  # rows given, columns true; + 1 rules none out
    shares *= (counts / counts.sum(axis=0))[labels] ** WEIGHT_OF_LABEL
    weighed: np.ndarray = shares / shares.sum(axis=1, keepdims=True)
    return weighed


def write_suspects(judgement: Judgement, classes: Sequence[str], index_csv: Path, folder: Path) -> None:
    """Writes suspects.csv, and audit.json, which says how well the models know the classes; too little lists none."""
    accuracy, chance = judgement.held_out_accuracy(), judgement.chance()
    rows = _list_suspects(judgement, classes, index_csv) if is_enough(accuracy, chance) else []
    write_rows(folder / "suspects.csv", SUSPECTS_HEADER, rows)
    write_skill(FoldSkill(accuracy, chance, len(rows), len(judgement.unjudged)), folder)


def _list_suspects(judgement: Judgement, classes: Sequence[str], index_csv: Path) -> list[SuspectRow]:
    indexed = {row.path: row for row in read_index(index_csv)}
    rows = []
    weighed = weigh(judgement.labels, judgement.probabilities)
    for position in find_suspects(judgement.labels, weighed):
        path, label, shares = judgement.paths[position], judgement.labels[position], weighed[position]
        suggested = classes[shares.argmax()]
        command = moving_command(path, suggested, PurePosixPath(indexed[path].exported_path).name)
        score, sha256 = f"{1 - float(shares[label]):.4f}", indexed[path].sha256
        rows.append(SuspectRow(path, judgement.subsets[position], classes[label], suggested, score, command, sha256))
    return rows


def moving_command(path: str, class_name: str, exported_name: str) -> str:
    """Returns the shell command that moves a picture to another class's folder.

    It overwrites nothing, and gives the picture a name that does not contradict the folder.
    """
    place = PurePosixPath(path)
    target = f"{place.parts[0]}/{class_name}/"
    if exported_name not in ("", place.name):
        target += exported_name
    return f"mv -n {shlex.quote(path)} {shlex.quote(target)}"
