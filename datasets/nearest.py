"""The message for a name that is none of those there are: the nearest right one, then all of them or where they are."""

import difflib
from collections.abc import Iterable


def unknown(kind: str, name: str, known: Iterable[str], listed_by: str = "") -> str:
    """`there is no class 'tulp': did you mean 'tulip'? Known: tulip, sea`; of very many, what lists them instead."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    guess = f": did you mean {close[0]!r}?" if close else "."
    others = f"{listed_by} lists all" if listed_by else f"Known: {', '.join(names)}"
    return f"there is no {kind} {name!r}{guess} {others}"
