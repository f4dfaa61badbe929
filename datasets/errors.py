"""The error that speaks to the user: what is wrong, where, and what to do about it."""

import difflib
import heapq
from collections.abc import Iterable
from itertools import takewhile

from datasets.shown_text import shown

_LISTED_AT_MOST = 200
_COMPARED_AT_MOST = 500
_MOST_LETTERS = 2_000  # of a line: a file that is none of ours may have all it holds in one


class UserError(Exception):
    """A mistake the user can put right; shown as its message alone, without a traceback."""

    def __str__(self) -> str:
        """Returns the message; what it quotes, as the name of a file, cannot steer a terminal."""
        return "\n".join(map(shorten, shown(super().__str__()).split("\n")))


def shorten(line: str) -> str:
    """Returns the beginning and the end of a line that is too long to be read."""
    left_out = len(line) - _MOST_LETTERS
    if left_out <= 0:
        return line
    return f"{line[: _MOST_LETTERS // 2]} … {left_out:,} letters left out … {line[-_MOST_LETTERS // 2 :]}"


def unknown(kind: str, name: str, known: Iterable[str], listed_by: str = "") -> str:
    """Returns the message for a name that does not exist: the nearest right one, then all names.

    As `there is no class 'tulp': did you mean 'tulip'? Known: tulip, sea`. Where there are very many, `listed_by` says
    what lists them.
    """
    names = list(known)
    close = difflib.get_close_matches(name, _likeliest(name, names), n=1, cutoff=0.5)
    guess = f": did you mean {close[0]!r}?" if close else "."
    more = f" and {len(names) - _LISTED_AT_MOST:,} more" if len(names) > _LISTED_AT_MOST else ""
    others = f"{listed_by} lists all" if listed_by else f"Known: {', '.join(names[:_LISTED_AT_MOST])}{more}"
    return f"there is no {kind} {name!r}{guess} {others}"


def _likeliest(name: str, names: list[str]) -> list[str]:
    """Returns the names to compare letter by letter, which takes long: all, or those that begin and end most alike."""
    if len(names) <= _COMPARED_AT_MOST:
        return names

    def letters_alike(other: str) -> int:
        return _count_shared(name, other) + _count_shared(reversed(name), reversed(other))

    return heapq.nlargest(_COMPARED_AT_MOST, names, key=letters_alike)


def _count_shared(letters: Iterable[str], others: Iterable[str]) -> int:
    """Returns how many letters are the same before the first that differs."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(letters, others, strict=False)))
