"""The error that speaks to the user: what is wrong, where, and what to do about it."""

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """A mistake the user can put right; shown as its message alone, without a traceback."""


def unknown(kind: str, name: str, known: Iterable[str], listed_by: str = "") -> str:
    """Returns the message for a name that does not exist: the nearest right one, then all names.

    As `there is no class 'tulp': did you mean 'tulip'? Known: tulip, sea`. Where there are very many, `listed_by` says
    what lists them.
    """
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    guess = f": did you mean {close[0]!r}?" if close else "."
    others = f"{listed_by} lists all" if listed_by else f"Known: {', '.join(names)}"
    return f"there is no {kind} {name!r}{guess} {others}"
