"""Compares two runs on the test pictures that both judged: McNemar's test, an interval, and what one alone has right.

Reads predictions.csv and per_class.csv of two evaluations; writes nothing.
"""

import csv
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from datasets.errors import UserError
from datasets.naming import scheme_number
from datasets.tables import read_rows
from models.evaluation.picture_tables import PREDICTED_BY_VIEWS
from models.evaluation.scores import NORMAL_95, wilson_interval
from models.evaluation.seed_comparison import SeedDifference, compare_seeds

SIGNIFICANT = 0.05  # a p-value below this counts as a difference
FEW_FLIPS = 25  # for fewer flips than this the chi-squared distribution is not close enough to the binomial


class Answer(NamedTuple):
    """The class of a test picture, and the class that a run predicts for it."""

    true: str
    predicted: str


class Flip(NamedTuple):
    """A picture that one of two runs alone names rightly."""

    path: str
    true: str
    first: str
    second: str

    @property
    def right_in_first(self) -> bool:
        """Returns whether the first run is the one that names it rightly."""
        return self.true == self.first

    @property
    def wrong(self) -> str:
        """The class that the other run takes it for."""
        return self.second if self.right_in_first else self.first


class PairedComparison(NamedTuple):
    """A comparison of two runs on the pictures that both judged under the same label."""

    picture_count: int
    left_out: int  # judged by one run alone, or under another label
    right: tuple[int, int]  # how many the first and the second name rightly
    flips: list[Flip]

    @property
    def only_first(self) -> int:
        """The number of pictures that only the first run names rightly."""
        return sum(flip.right_in_first for flip in self.flips)

    @property
    def only_second(self) -> int:
        """The number of pictures that only the second run names rightly."""
        return len(self.flips) - self.only_first

    @property
    def p_value(self) -> float:
        """The p-value of McNemar's test."""
        return mcnemar(self.only_first, self.only_second)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the difference."""
        return difference_interval(self.only_first, self.only_second, self.picture_count)

    @property
    def difference(self) -> float:
        """The accuracy of the first run minus that of the second."""
        return (self.only_first - self.only_second) / self.picture_count

    @property
    def accuracies(self) -> list[tuple[float, float, float]]:
        """The accuracies of the first and of the second run, each with its 95 % interval."""
        return [(right / self.picture_count, *wilson_interval(right, self.picture_count)) for right in self.right]


def compare(first_dir: Path, second_dir: Path) -> PairedComparison:
    """Returns the comparison of two evaluations; refuses two that have no test picture in common."""
    first, second = read_answers(first_dir), read_answers(second_dir)
    shared = sorted(path for path, answer in first.items() if path in second and second[path].true == answer.true)
    if not shared:
        raise UserError(
            f"{first_dir} and {second_dir} have no test picture in common that has the same label in both. "
            "Compare runs of one data set, and superclasses only with superclasses"
        )
    flips = [
        Flip(path, first[path].true, first[path].predicted, second[path].predicted)
        for path in shared
        if (first[path].predicted == first[path].true) != (second[path].predicted == second[path].true)
    ]
    right = tuple(sum(run[path].predicted == run[path].true for path in shared) for run in (first, second))
    left_out = _count_pictures(first.keys() - set(shared), second.keys() - set(shared))
    return PairedComparison(len(shared), left_out, (right[0], right[1]), flips)


def read_answers(evaluate_dir: Path) -> Mapping[str, Answer]:
    """Returns the answer to every test picture by its path; the one over averaged views if the run averages them."""
    classes = [name for name, *_ in read_rows(evaluate_dir / "per_class.csv")]
    with (evaluate_dir / "predictions.csv").open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        rows = csv.reader(lines)
        header = next(rows)
        path, label = header.index("path"), header.index("label")
        predicted = len(header) - 1 if header[-1] == PREDICTED_BY_VIEWS else header.index("predicted")
        return {row[path]: Answer(classes[int(row[label])], classes[int(row[predicted])]) for row in rows}


def compare_runs_of_seeds(first_dirs: Sequence[Path], second_dirs: Sequence[Path]) -> SeedDifference:
    """Returns the difference of two recipes, second minus first, from the evaluations of two seeds or more of each."""
    sides = [[read_answers(folder) for folder in folders] for folders in (first_dirs, second_dirs)]
    answers = [of_seed for side in sides for of_seed in side]
    shared = sorted(set.intersection(*({(path, answer.true) for path, answer in of.items()} for of in answers)))
    first, second = (
        np.array([[of_seed[path].predicted == true for path, true in shared] for of_seed in side]) for side in sides
    )
    return compare_seeds(first, second)


def difference_of_answers(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Returns the 95 % interval of the difference between two sides, second minus first.

    Each is bool [seeds, pictures]: which pictures each seed names rightly. Where a side has one seed, the interval is
    of the models of the first seeds, and allows for other test pictures alone.
    """
    if min(len(first), len(second)) > 1:
        return compare_seeds(first, second)[1:]
    gained, lost = int((second[0] & ~first[0]).sum()), int((first[0] & ~second[0]).sum())
    return difference_interval(gained, lost, first.shape[1])


def _count_pictures(first: Collection[str], second: Collection[str]) -> int:
    """Returns the number of pictures in two sets of paths, where a picture may have been moved or renamed."""
    first_names, second_names = (Counter(map(_lasting_name, paths)) for paths in (first, second))
    return (first_names | second_names).total()


def _lasting_name(path: str) -> str | int:
    """Returns what of a path stays when a picture is moved to another class or gets another label in its name."""
    name = path.rpartition("/")[2]
    number = scheme_number(name)
    return name if number is None else number


def mcnemar(only_first: int, only_second: int) -> float:
    """Returns the probability of so uneven flips, or more uneven ones, if both runs were equally good.

    McNemar (1947): (b - c)² / (b + c) is chi-squared with one degree of freedom. Few flips take the binomial itself.
    """
    flips = only_first + only_second
    if flips < FEW_FLIPS:
        tail = sum(math.comb(flips, fewer) for fewer in range(min(only_first, only_second) + 1))
        return min(1.0, math.ldexp(tail, 1 - flips))
    chi_squared = (only_first - only_second) ** 2 / flips
    return math.erfc(math.sqrt(chi_squared / 2))


def difference_interval(only_first: int, only_second: int, count: int) -> tuple[float, float]:
    """Returns the 95 % interval of the difference in accuracy, first minus second, on the same pictures.

    Bonett and Price (2012): that of Wald with one more picture in either kind of flip, which is right for few flips
    too.
    """
    first, second = (only_first + 1) / (count + 2), (only_second + 1) / (count + 2)
    difference = first - second
    reach = NORMAL_95 * math.sqrt((first + second - difference**2) / (count + 2))
    return max(-1.0, difference - reach), min(1.0, difference + reach)
