"""The message for a name that is none of those there are: the nearest right one, then all of them."""

import difflib
from collections.abc import Iterable


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """`there is no class 'tulp': did you mean 'tulip'? (tulip, sea)`."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    guess = f": did you mean {close[0]!r}?" if close else "."
    return f"there is no {kind} {name!r}{guess} Known: {', '.join(names)}"
