"""Whether one run beats another on the pictures that both judged: McNemar's test, an interval, and what flipped.

Reads the predictions.csv and per_class.csv of two evaluations; writes nothing.
"""

import csv
import math
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from datasets.errors import UserError
from datasets.naming import scheme_number
from datasets.tables import read_rows
from models.evaluation.picture_tables import PREDICTED_BY_VIEWS
from models.evaluation.scores import NORMAL_95, wilson_interval

SIGNIFICANT = 0.05  # a difference is told where chance alone would show it less often than this
FEW = 25  # with fewer pictures that flipped than this, the normal distribution is no good stand-in for the binomial


class Judged(NamedTuple):
    """A test picture's class, and the one a run took it for."""

    true: str
    predicted: str


class Flip(NamedTuple):
    """A picture that one run alone names rightly."""

    path: str
    true: str
    first: str
    second: str

    @property
    def right_in_first(self) -> bool:
        return self.true == self.first

    @property
    def wrong(self) -> str:
        """What the other takes it for."""
        return self.second if self.right_in_first else self.first


class Comparison(NamedTuple):
    """Two runs on the pictures that both judged under the same label."""

    picture_count: int
    left_out: int  # judged by one run alone, or under another label
    right: tuple[int, int]
    flips: list[Flip]

    @property
    def only_first(self) -> int:
        return sum(flip.right_in_first for flip in self.flips)

    @property
    def only_second(self) -> int:
        return len(self.flips) - self.only_first

    @property
    def p_value(self) -> float:
        return mcnemar(self.only_first, self.only_second)

    @property
    def interval(self) -> tuple[float, float]:
        return difference_interval(self.only_first, self.only_second, self.picture_count)

    @property
    def difference(self) -> float:
        """The accuracy of the first less that of the second."""
        return (self.only_first - self.only_second) / self.picture_count

    @property
    def accuracies(self) -> list[tuple[float, float, float]]:
        """Those of the first and of the second, each with its 95 % interval."""
        return [(right / self.picture_count, *wilson_interval(right, self.picture_count)) for right in self.right]


def compare(first_dir: Path, second_dir: Path) -> Comparison:
    first, second = read_judged(first_dir), read_judged(second_dir)
    shared = sorted(path for path, judged in first.items() if path in second and second[path].true == judged.true)
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
    return Comparison(len(shared), left_out, (right[0], right[1]), flips)


def read_judged(evaluate_dir: Path) -> Mapping[str, Judged]:
    """Every test picture by its path; as the run predicts, so by averaged views where it averages them."""
    classes = [row[0] for row in read_rows(evaluate_dir / "per_class.csv")]
    with (evaluate_dir / "predictions.csv").open(newline="", encoding="utf-8", errors="surrogateescape") as lines:
        rows = csv.DictReader(lines)
        predicted = PREDICTED_BY_VIEWS if PREDICTED_BY_VIEWS in (rows.fieldnames or ()) else "predicted"
        return {row["path"]: Judged(classes[int(row["label"])], classes[int(row[predicted])]) for row in rows}


def _count_pictures(first: Collection[str], second: Collection[str]) -> int:
    """How many pictures two sets of paths are of: a move changes the folder, and tidying the label in the name."""
    first_names, second_names = (Counter(map(_lasting_name, paths)) for paths in (first, second))
    return (first_names | second_names).total()


def _lasting_name(path: str) -> str | int:
    name = path.rpartition("/")[2]
    number = scheme_number(name)
    return name if number is None else number


def mcnemar(only_first: int, only_second: int) -> float:
    """How probable so uneven a share of the flips is, or a more uneven one, were both runs equally good.

    McNemar (1947): (b - c)² / (b + c) is chi-squared with one degree of freedom. Of few flips, the binomial itself.
    """
    flips = only_first + only_second
    if flips < FEW:
        tail = sum(math.comb(flips, fewer) for fewer in range(min(only_first, only_second) + 1))
        return min(1.0, math.ldexp(tail, 1 - flips))
    chi_squared = (only_first - only_second) ** 2 / flips
    return math.erfc(math.sqrt(chi_squared / 2))


def difference_interval(only_first: int, only_second: int, count: int) -> tuple[float, float]:
    """The 95 % interval of the difference in accuracy, first less second, on the same pictures.

    Bonett and Price (2012): Wald's, with a picture more in either kind of flip, which holds for few flips too.
    """
    first, second = (only_first + 1) / (count + 2), (only_second + 1) / (count + 2)
    difference = first - second
    reach = NORMAL_95 * math.sqrt((first + second - difference**2) / (count + 2))
    return max(-1.0, difference - reach), min(1.0, difference + reach)
