"""Says what `predict` found: as lines for the terminal, and as rows for its table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from models.evaluation.predicted_files import PredictedFile
from reports.words import percent, printable

SHOWN = 20


def prediction_rows(named: Sequence[PredictedFile], classes: Sequence[str]) -> Iterator[list[Any]]:
    """Yields the table's row of each file: its class and probabilities, or why it could not be used."""
    for one in named:
        if one.reason:
            yield [one.path, *[""] * (2 + len(classes)), one.reason]
        else:
            yield [one.path, classes[one.label], one.probabilities[one.label], *one.probabilities, ""]


def prediction_in_words(named: Sequence[PredictedFile], classes: Sequence[str]) -> list[str]:
    """Returns a line for each of the first pictures, the count of every class, and the files that could not be used."""
    usable = [one for one in named if not one.reason]
    shown = [(printable(one.path), classes[one.label], one.probability) for one in usable[:SHOWN]]
    path_width, class_width = max(len(path) for path, *_ in shown), max(len(name) for _, name, _ in shown)
    lines = [f"{path:<{path_width}}  {name:<{class_width}}  {percent(share):>6}" for path, name, share in shown]
    if len(usable) > SHOWN:
        lines.append(f"and {len(usable) - SHOWN:,} more")
    if len(usable) > 1:
        counts = Counter(classes[one.label] for one in usable).most_common()
        lines += ["", f"{len(usable):,} pictures: {', '.join(f'{count:,} {name}' for name, count in counts)}"]
    return lines + unusable_in_words(named)


def unusable_in_words(named: Sequence[PredictedFile]) -> list[str]:
    """Returns a line for each of the first files that could not be used, with the reason."""
    rejected = [one for one in named if one.reason]
    if not rejected:
        return []
    lines = [f"{len(rejected):,} {'file' if len(rejected) == 1 else 'files'} could not be used:"]
    lines += [f"  {printable(path)}: {reason}" for path, _, reason in rejected[:SHOWN]]
    return lines + ([f"  and {len(rejected) - SHOWN:,} more"] if len(rejected) > SHOWN else [])
